"""The shape of the house, held by looking at its code: its arrows, its sizes, its habits."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.test import RequestFactory

from tests.agreements.test_visibility import models_that_can_be_internal
from tests.factories import AdministratorFactory

HOUSE = Path(settings.BASE_DIR)
ROOMS = ("twinning", "agreements", "cities", "common")  # each knows those after it, and itself
TOP_FLOOR = ("views", "api", "admin")
APPS = ("agreements", "cities")
MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 60


def files(*patterns: str) -> list[Path]:
    """The project's own files, without what is made or fetched."""
    aside = {".venv", "var", "node_modules"}
    found = {path for pattern in patterns for path in HOUSE.rglob(pattern) if path.is_file()}
    return sorted(path for path in found if not aside & set(path.relative_to(HOUSE).parts))


def named(path: Path) -> str:
    return str(path.relative_to(HOUSE))


CODE = [path for path in files("*.py") if path.relative_to(HOUSE).parts[0] in ROOMS]
WRITTEN = [path for path in files("*.py") if "migrations" not in path.parts]
TEMPLATES = files("*.html")
STYLES = files("static/**/*.css")
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in {*CODE, *WRITTEN}}


def module_name(path: Path) -> str:
    parts = path.relative_to(HOUSE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in CODE}


def imported(path: Path) -> set[str]:
    """The modules that a file names in its imports, those inside of functions included."""
    package = module_name(path).split(".")[: None if path.name == "__init__.py" else -1]
    names: set[str] = set()
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            names |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return names


IMPORTS = {name: imported(path) & set(MODULES) for name, path in MODULES.items()}


def reached(name: str) -> set[str]:
    """All that a module leans on, over however many imports."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        for other in IMPORTS[waiting.pop()] - seen:
            seen.add(other)
            waiting.append(other)
    return seen


def part(name: str) -> str:
    """``views`` of ``agreements.views``, ``api`` of ``agreements.api.serializers``."""
    return [*name.split("."), ""][1]


# --- Arrows -------------------------------------------------------------------------------


@pytest.mark.parametrize("module", MODULES)
def test_imports_run_one_way_between_the_rooms(module):
    room = module.split(".")[0]
    above = ROOMS[: ROOMS.index(room)]
    wrong = {name for name in imported(MODULES[module]) if name.split(".")[0] in (*above, "tests")}
    assert not wrong, f"{module} imports from above: {wrong}"


@pytest.mark.parametrize("module", [name for name in MODULES if part(name) in TOP_FLOOR])
def test_views_api_and_admin_never_lean_on_each_other(module):
    others = set(TOP_FLOOR) - {part(module)}
    wrong = {name for name in reached(module) if part(name) in others}
    assert not wrong, f"{module} leans on {wrong}"


@pytest.mark.parametrize("module", [name for name in MODULES if part(name) == "filters"])
def test_filters_lean_on_models_alone(module):
    wrong = {name for name in reached(module) if part(name) in (*TOP_FLOOR, "urls", "forms")}
    assert not wrong, f"{module} leans on {wrong}"


@pytest.mark.parametrize(
    "module", [name for name in MODULES if part(name) in ("models", "querysets", "refusals")]
)
def test_models_know_nothing_of_filters_and_screens(module):
    wrong = {name for name in reached(module) if part(name) in (*TOP_FLOOR, "filters", "forms")}
    assert not wrong, f"{module} leans on {wrong}"


def test_the_lifecycle_leans_on_nothing_of_the_house():
    assert not {name for name in reached("agreements.lifecycle") if not name.startswith("common")}


def test_the_bottom_room_leans_on_itself_alone():
    for module in MODULES:
        if module.startswith("common"):
            assert {name.split(".")[0] for name in reached(module)} <= {"common"}


def test_the_arrows_are_really_looked_at():
    assert "agreements.models.agreement" in reached("agreements.views")
    assert "common.dates" in reached("cities.models.places")
    assert len(MODULES) > 50


# --- Sizes --------------------------------------------------------------------------------


def test_no_file_imports_everything_of_another():
    wrong = [
        f"{named(path)}:{node.lineno}"
        for path in WRITTEN
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
    ]
    assert not wrong


@pytest.mark.parametrize(
    "path", [*WRITTEN, *TEMPLATES, *files("static/**/*.css", "static/**/*.js")], ids=named
)
def test_a_file_can_be_read_in_one_sitting(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def functions() -> dict[str, int]:
    """The lines of every function, in tests too."""
    return {
        f"{named(path)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in WRITTEN
        for node in ast.walk(TREES[path])
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }


def test_no_function_is_long():
    assert not {name: n for name, n in functions().items() if n > MOST_LINES_OF_A_FUNCTION}


def test_nine_functions_of_ten_are_short():
    lengths = sorted(functions().values())
    assert lengths[len(lengths) * 9 // 10] <= 20


def test_no_class_has_more_than_two_bases():
    wrong = [
        f"{named(path)}: {node.name}"
        for path in CODE
        if "migrations" not in path.parts
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.ClassDef) and len(node.bases) > 2
    ]
    assert not wrong


# --- Templates and styles -----------------------------------------------------------------

INLINE = re.compile(
    r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<script\b(?![^>]*\bsrc=)",
    re.IGNORECASE,
)
PHYSICAL = re.compile(
    r"\b(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)\b"
    r"|(?:^|[\s{;])(?:left|right|top|bottom)\s*:"
    r"|\b(?:text-align|float|clear)\s*:\s*(?:left|right)\b"
    r"|\bborder-(?:top|bottom)-(?:left|right)-radius\b"
)


def hits(pattern: re.Pattern, path: Path) -> list[str]:
    text = re.sub(r"/\*.*?\*/|\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [f"{named(path)}: {found.group().strip()}" for found in pattern.finditer(text)]


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_templates_have_no_inline_style_or_script(path):
    assert not hits(INLINE, path)


@pytest.mark.parametrize("path", STYLES, ids=named)
def test_styles_mirror_by_themselves(path):
    assert not hits(PHYSICAL, path)


@pytest.mark.parametrize("path", STYLES, ids=named)
def test_styles_fetch_nothing_from_elsewhere(path):
    assert not hits(re.compile(r"@import|https?://|//[a-z]+\."), path)


@pytest.mark.parametrize(
    ("pattern", "wrong", "right"),
    [
        (INLINE, '<p style="x">', '<p class="style">'),
        (INLINE, '<a onclick="x">', '<a class="once">'),
        (INLINE, "<script>x", '<script src="x">'),
        (PHYSICAL, "a{left:0", "a{inset-inline-start:0"),
        (PHYSICAL, "margin-left: 1px", "margin-inline: 1px"),
        (PHYSICAL, "text-align: right", "text-align: end"),
    ],
)
def test_what_is_looked_for_would_be_found(pattern, wrong, right):
    assert pattern.search(wrong)
    assert not pattern.search(right)


# --- Fields and chains --------------------------------------------------------------------


@pytest.fixture
def request_of_administrator(db):
    request = RequestFactory().get("/admin/")
    request.user = AdministratorFactory()
    return request


def form_fields(request):
    """Every field that staff fill in: label of its form, name, help text."""
    for model, screen in admin.site._registry.items():
        if model._meta.app_label not in APPS:
            continue
        for name, field in screen.get_form(request)().fields.items():
            yield f"{model.__name__}.{name}", field
        for inline in screen.get_inline_instances(request):
            for name, field in inline.get_formset(request).form.base_fields.items():
                yield f"{inline.model.__name__}.{name} (beneath {model.__name__})", field


def test_every_field_that_staff_fill_in_teaches(request_of_administrator):
    fields = list(form_fields(request_of_administrator))
    mute = [name for name, field in fields if not field.help_text and not field.widget.is_hidden]
    assert not mute
    assert len(fields) > 50


def editable_fields():
    for label in APPS:
        for model in apps.get_app_config(label).get_models():
            if not model.__name__.startswith("Historical"):
                yield from (
                    (model, f) for f in model._meta.get_fields() if getattr(f, "editable", 0)
                )


# A step is written by a move, whose form has words of its own.
WRITTEN_BY_THE_PROGRAM = {
    "StatusChange",
    "IssuedReference",
    "TieImport",
    "Listing",
    "PlaceMerge",
    "OfficialMerge",
    "Reminder",
    "UndoneStep",
}


def test_every_field_of_the_models_that_can_be_typed_teaches():
    # The row that a row hangs on is chosen by where the row is written, not typed; so is who did.
    hung_on = {"agreement", "place", "official", "sector", "from_agreement", "user"}
    hung_on |= {"asked_by", "asked_at", "answered_by", "answered_at", "outcome"}
    mute = [
        f"{model.__name__}.{field.name}"
        for model, field in editable_fields()
        if not field.help_text
        and not field.auto_created
        and field.name not in hung_on
        and model.__name__ not in WRITTEN_BY_THE_PROGRAM
    ]
    assert not mute


VIEWS = [
    path
    for name, path in MODULES.items()
    if part(name) in ("views", "api") or name.endswith((".feeds", ".calendar"))
]
# What joins to rows that were chosen by ``visible_to`` need not ask again.
JOINS = {"agreements.api.joins", "agreements.api.serializers"}


def unasked(path: Path) -> list[str]:
    """Where a view starts from all rows of what can be internal, outside of a join."""
    internal = {model.__name__ for model in models_that_can_be_internal()} | {"Source"}
    parents: dict[ast.AST, ast.AST] = {}
    for node in ast.walk(TREES[path]):
        parents |= dict.fromkeys(ast.iter_child_nodes(node), node)

    def joined(node: ast.AST) -> bool:
        while node := parents.get(node):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Prefetch":
                return True
        return False

    wrong = []
    for node in ast.walk(TREES[path]):
        if not (isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager")):
            continue
        then = parents.get(node)
        asked = isinstance(then, ast.Attribute) and then.attr in ("visible_to", "none")
        if getattr(node.value, "id", "") in internal and not asked and not joined(node):
            wrong.append(f"{named(path)}:{node.lineno}")
    return wrong


@pytest.mark.parametrize(
    "path", [path for path in VIEWS if module_name(path) not in JOINS], ids=named
)
def test_every_chain_of_a_view_begins_with_who_may_see(path):
    assert not unasked(path)
