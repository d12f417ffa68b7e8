"""Partial dates to try, of every precision, with the edges of the calendar among them."""

from calendar import monthrange

from hypothesis import strategies as st

from common.dates import PartialDate

YEARS = st.integers(1, 9999) | st.sampled_from([1, 1900, 2000, 2023, 2024, 2025, 9999])


@st.composite
def partial_dates(draw, years=YEARS):
    year = draw(years)
    month = draw(st.none() | st.integers(1, 12))
    if month is None:
        return PartialDate(year)
    last = monthrange(year, month)[1]
    day = draw(st.none() | st.integers(1, last) | st.just(last))
    return PartialDate(year, month, day)
