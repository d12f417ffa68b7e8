"""Going through a page by the keyboard, as somebody without a mouse does."""

from playwright.sync_api import Page

MOST_TABS = 200
# What can be seen and be done something with; of a group of radio buttons Tab reaches one.
CONTROLS = """() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]):not([type=radio]), select, textarea, summary,'
    + '[tabindex]')].filter(one => one.tabIndex >= 0 && !one.disabled
        && one.checkVisibility({visibilityProperty: true}) && one.getBoundingClientRect().width > 1)
    .map((one, number) => { one.dataset.seen = number; return one.outerHTML.slice(0, 120); })"""
# The number of what has the focus, and how that looks: with it, and without it.
FOCUSED = """async () => {
    const one = document.activeElement;
    const parts = ['outlineStyle', 'outlineWidth', 'boxShadow', 'borderColor', 'backgroundColor',
                   'color', 'textDecorationLine'];
    const looks = what => { const style = getComputedStyle(what);
        return parts.map(part => style[part]).join('|'); };
    const drawn = [one, one.closest('.select2-selection'), one.querySelector('*')].filter(Boolean);
    const shown = drawn.map(looks).join();
    one.blur();
    await new Promise(done => setTimeout(done, 2));  // a box that searches hears of it so late
    const plain = drawn.map(looks).join();
    one.focus({preventScroll: true, focusVisible: true});
    return [one.dataset.seen ?? null, shown !== plain];
}"""


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until this has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"No Tab leads to {selector}")


def press(page: Page, selector: str, key: str = "Enter") -> None:
    tab_to(page, selector)
    page.keyboard.press(key)


def follow(page: Page, selector: str) -> None:
    """Press what leads to another page."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def type_at(page: Page, selector: str, text: str) -> None:
    tab_to(page, selector)
    page.keyboard.type(text)


def unreachable(page: Page) -> list[str]:
    """Controls that no Tab reaches, and those at which nobody sees that they are there."""
    controls = page.evaluate(CONTROLS)
    left = dict(enumerate(controls))
    unseen = []
    for _ in range(len(controls) + 30):
        page.keyboard.press("Tab")
        number, is_seen = page.evaluate(FOCUSED)
        if number is None or int(number) not in left:
            continue
        control = left.pop(int(number))
        if not is_seen:
            unseen.append(f"focus is not seen: {control}")
    return [*unseen, *(f"not reached: {control}" for control in left.values())]
