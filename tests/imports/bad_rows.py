"""Rows of ties that are wrong, each in a way of its own, with what is said of it and where."""

from dataclasses import dataclass, field

from tests.imports.lists import KHUJAND, tie


@dataclass(frozen=True)
class BadRow:
    """``column`` is where, ``says`` a part of what; one that is not ``fatal`` is only told."""

    name: str
    column: str
    says: str
    cells: dict[str, str] = field(default_factory=dict)
    fatal: bool = True


def dated(name: str, start: str, says: str, **more) -> BadRow:
    return BadRow(name, "start", says, tie(start=start), **more)


def named(name: str, text: str, says: str, column: str = "b_name") -> BadRow:
    return BadRow(name, column, says, tie() | {"b_name": text})


def country(name: str, text: str, says: str) -> BadRow:
    return BadRow(name, "b_country", says, tie(b=f"Seattle|{text}"))


def known_as(name: str, scheme: str, value: str, says: str) -> BadRow:
    return BadRow(name, f"b_{scheme}", says, tie() | {f"b_{scheme}": value})


WRITE_A_DATE = "Write a year, a month or a day"
DATES = [
    dated("30 February", "2001-02-30", "has 28 days, and no day 30"),
    dated("29 February of no leap year", "1999-02-29", "has 28 days"),
    dated("31 April", "2004-04-31", "has 30 days"),
    dated("14th month", "1998-14", "There is no month 14"),
    dated("month 0", "1998-00-10", "There is no month 0"),
    dated("day 0", "1998-05-00", "no day 0"),
    dated("two years", "1998 or 1999", "This is two years, 1998 and 1999"),
    dated("a span of years", "1998–2004", "This is two years"),
    dated("year 0", "0", "There is no year 0"),
    dated("year 0000", "0000", "There is no year 0"),
    dated("year 0 with a day", "0000-05-10", "There is no year 0"),
    dated("year 20000", "20000", WRITE_A_DATE),
    dated("two digits", "98", WRITE_A_DATE),
    dated("before our era", "-0044", WRITE_A_DATE),
    dated("about a year", "c. 1990", "If the year 1990 is certain, write 1990 alone"),
    dated("day first, either way", "10/05/2025", "Write the year first, then the month"),
    dated("day first", "25/05/2024", "Write the year first: 2024-05-25."),
    dated("month in words", "May 2024", "This is more than a date"),
    dated("one digit", "2024-5-1", "Write month and day in two digits: 2024-05-01."),
    dated("a time of day", "2024-05-10T10:00", "This is more than a date"),
    dated("words", "unknown", WRITE_A_DATE),
    dated("a huge number", "9" * 400, WRITE_A_DATE),
    dated("a footnote left in", "1998[1]", "This is more than a date"),
    BadRow("an end that is none", "end", "There is no month 13", tie(end="2010-13")),
]
DOUBTS = [
    BadRow(
        "end as start",
        "end",
        "The start is believed, the end is not",
        tie(start="1992", end="1992"),
        fatal=False,
    ),
    BadRow("end before start", "end", "before", tie(start="1992", end="1990"), fatal=False),
    BadRow("start to come", "start", "in the future", tie(start="2199"), fatal=False),
    BadRow("end to come", "end", "in the future", tie(start="1992", end="2199"), fatal=False),
    BadRow(
        "a name that is not the id's",
        "b_name",
        "Seattle",
        tie(b="Q5083 Portland|US"),
        fatal=False,
    ),
]
NAMES = [
    named("HTML", "<b>Seattle</b>", "Write the name alone"),
    named("a line break of HTML", "Seattle<br>", "Write the name alone"),
    named("wikitext, a pipe", "Seattle{{!}}WA", "Write the name alone"),
    named("wikitext, a link", "[[Seattle]]", "Write the name alone"),
    named("wikitext, a footnote", "Seattle[1]", "Write the name alone"),
    named("wikitext, a flag", "File:Flag of Seattle.png", "Write the name alone"),
    named("an address of the web", "https://example.org/seattle", "Write the name alone"),
    named("coordinates", "47°36′N 122°20′W", "No place on record"),
    named("only a number", "98101", "No place on record"),
    named("too long", "S" * 201, "longer than 200"),
    named("no name", "", "does not say which place is side b"),
    BadRow(
        "one side only",
        "b_name",
        "does not say which place is side b",
        tie() | {"b_name": "", "b_country": ""},
    ),
    BadRow("no country", "b_country", "country", tie() | {"b_country": ""}),
    BadRow("itself by name", "b_name", "no tie with itself", tie(b=KHUJAND)),
    BadRow("itself by id", "b_wikidata", "no tie with itself", tie(b="Q373808")),
]
COUNTRIES = [
    country("an underscore", "the_United_States", "write US"),
    country("the Soviet Union", "USSR", "in which the place lies today"),
    country("West Germany", "West Germany", "such as DE"),
    country("Czechoslovakia", "Czechoslovakia", "CZ, SK"),
    country("Burma", "Burma", "such as MM"),
    country("Zaire", "Zaire", "such as CD"),
    country("Persia", "Persia", "such as IR"),
    country("UK", "UK", "such as GB"),
    country("no code", "XX", "No country on record is called that"),
    country("a misspelling", "Tajikstan", "If Tajikistan is meant, write TJ"),
    country("three letters", "TJK", "two-letter code"),
    country("a flag", "🇺🇸", "two-letter code"),
]
IDS = [
    known_as("Q alone", "wikidata", "Q", "Q and digits"),
    known_as("Q0", "wikidata", "Q0", "Q and digits"),
    known_as("a property", "wikidata", "P190", "Q and digits"),
    known_as("a number alone", "wikidata", "5083", "Q and digits"),
    BadRow("an id nobody has", "b_name", "No place on record", tie(b="Q999999999 Atlantis|US")),
    known_as("below zero", "geonames", "-5", "digits"),
    known_as("a fraction", "geonames", "1.5e6", "digits"),
    known_as("a name for an id", "geonames", "Seattle", "digits"),
    known_as("beyond all numbers", "geonames", "9" * 300, ""),
]
OTHERS = [
    BadRow("no such direction", "listed_by", "both", tie(listed_by="left")),
    BadRow("no such kind", "kind", "sister_city", tie(kind="marriage")),
    BadRow("a long note", "note", "1000", tie(note="x" * 1001)),
]
BAD_ROWS = [*DATES, *DOUBTS, *NAMES, *COUNTRIES, *IDS, *OTHERS]
