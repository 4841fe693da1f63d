"""Templates taken apart: what a reader would see of each, and which of it is not translated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from jinja2 import Environment, nodes

GETTEXT = {"_", "gettext", "ngettext"}
SEEN_ATTRIBUTES = {
    "alt",
    "aria-description",
    "aria-label",
    "aria-roledescription",
    "aria-valuetext",
    "label",
    "placeholder",
    "title",
}
UNSEEN_ELEMENTS = {"script", "style"}
OPEN, CLOSE = "\ue000", "\ue001"  # stand around the number of an expression in what is left of a template
ATTRIBUTES = re.compile(r"""(?:[a-z-]+="[^"]*"\s*)+""")  # what a macro writes into a tag
CLASS_BLOCK = re.compile(r"{% block wide %}[a-z -]*{% endblock %}")  # what a page writes into the class of main
EXPRESSION = re.compile(f"{OPEN}([0-9]+){CLOSE}")
ENVIRONMENT = Environment(
    extensions=["jinja2.ext.i18n", "jinja2.ext.loopcontrols"], trim_blocks=True, lstrip_blocks=True, autoescape=True
)


@cache
def tree(source: str) -> nodes.Template:
    """Return the syntax tree of a template."""
    return ENVIRONMENT.parse(source)


def without_logic(source: str) -> tuple[str, list[str]]:
    """Return a template's HTML with a number in place of each expression, and the expressions."""
    html: list[str] = []
    expressions: list[str] = []
    inside = ""
    for _line, kind, value in ENVIRONMENT.lex(CLASS_BLOCK.sub("", source)):
        if kind == "data":
            html.append(value)
        elif kind in {"variable_begin", "block_begin"}:
            inside = kind
            if inside == "variable_begin":
                html.append(f"{OPEN}{len(expressions)}{CLOSE}")
                expressions.append("")
        elif kind in {"variable_end", "block_end"}:
            inside = ""
        elif inside == "variable_begin":
            expressions[-1] += value
    return "".join(html), expressions


def seen(html: str) -> Iterator[str]:
    """Yield the texts and attributes of a page that somebody reads or hears, except where nothing is to be translated."""
    page = BeautifulSoup(html, "lxml")
    for text in page.find_all(string=True):
        if type(text) is NavigableString and text.strip() and not _is_left_alone(text):
            yield text.strip()
    for tag in page.find_all(True):
        if not _is_left_alone(tag):
            yield from (str(value).strip() for name, value in tag.attrs.items() if _is_read_out(tag, name))


def bare_words(source: str, *, is_html: bool = True) -> list[str]:
    """Return what of a template is shown without going through gettext."""
    html, expressions = without_logic(source)
    texts = [text for text in seen(html) if not ATTRIBUTES.fullmatch(text)] if is_html else [html]
    found = [text for text in texts if has_letters(EXPRESSION.sub("", text))]
    numbers = {int(number) for text in texts for number in EXPRESSION.findall(text)}
    return found + [text for number in sorted(numbers) for text in _bare_in(expressions[number])]


def has_letters(text: str) -> bool:
    """Whether there is anything to translate in a text."""
    return any(char.isalpha() for char in text)


def calls_of(source: str, names: set[str]) -> Iterator[nodes.Call]:
    """Yield the calls of functions with one of the names."""
    for call in tree(source).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in names:
            yield call


def first_words(call: nodes.Call) -> str:
    """Return the first argument of a call, where it is a plain text."""
    argument = call.args[0] if call.args else None
    return argument.value if isinstance(argument, nodes.Const) and isinstance(argument.value, str) else ""


def name_of_template(path: Path, root: Path) -> str:
    """Return the name under which Jinja knows a template."""
    return path.relative_to(root / "templates").as_posix()


def _is_left_alone(node: NavigableString | Tag) -> bool:
    own = [node] if isinstance(node, Tag) else []
    return any(tag.get("translate") == "no" or tag.name in UNSEEN_ELEMENTS for tag in (*own, *node.parents))


def _is_read_out(tag: Tag, name: str) -> bool:
    if name == "value":
        return tag.name == "input" and tag.get("type") in {"submit", "button", "reset"}
    return name in SEEN_ATTRIBUTES


def _bare_in(expression: str) -> list[str]:
    output = tree(f"{{{{ {expression} }}}}").body[0]
    assert isinstance(output, nodes.Output)
    return [text for node in output.nodes for text in _constants(node)]


def _constants(node: nodes.Node | None) -> list[str]:
    """Return the plain texts an expression can show."""
    if isinstance(node, nodes.Const):
        return [node.value] if isinstance(node.value, str) and has_letters(node.value) else []
    shown = [text for part in _shown_parts(node) for text in _constants(part)]
    return shown + [text for part in _arguments(node) for text in _constants(part) if _is_prose(text)]


def _shown_parts(node: nodes.Node | None) -> list[nodes.Expr | None]:
    match node:
        case nodes.CondExpr(expr1=one, expr2=other) | nodes.BinExpr(left=one, right=other):
            return [one, other]
        case nodes.Filter(node=one):
            return [one]
        case nodes.Concat(nodes=parts):
            return [*parts]
        case _:
            return []


def _arguments(node: nodes.Node | None) -> list[nodes.Expr | None]:
    match node:
        case nodes.Call(node=nodes.Name(name=name)) if name in GETTEXT:
            return []
        case nodes.Call(args=arguments, kwargs=named) | nodes.Filter(args=arguments, kwargs=named):
            return [*arguments, *(keyword.value for keyword in named)]
        case _:
            return []


def _is_prose(text: str) -> bool:
    """Whether an argument reads like a text rather than a name: it has words, or begins like a sentence."""
    return bool(re.search(r"[^\W\d_]\s+[^\W\d_]", text) or re.match(r"[A-Z][a-z]", text))
