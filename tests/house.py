"""The rules of the house that a program can check. Each takes the folder of a project and names every breach."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

AUDIENCES = ("account", "admin", "clinic", "kiosk", "partner", "patient", "privacy")
MIRRORED = ("actions", "security", "store")
ONLY_NAMES = frozenset({"intake/actions/refusals.py"})  # exceptions that do nothing but have a name
NAMELESS = frozenset(
    {"utils", "util", "helpers", "helper", "common", "manager", "managers", "service", "services", "misc"}
)
EXCUSES = (
    ("a noqa without its rule and reason", re.compile(r"#\s*noqa(?!: [A-Z]+\d+(, [A-Z]+\d+)* - \S)", re.IGNORECASE)),
    ("a type: ignore without its code and reason", re.compile(r"#\s*type:\s*ignore(?!\[[a-z-]+\]  # \S)")),
)
FORBIDDEN_IN_TEMPLATES = {
    "|safe": re.compile(r"\|\s*safe\b|autoescape\s+false|Markup\("),
    "style": re.compile(r"\sstyle\s*=|<style\b", re.IGNORECASE),
    "handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "script": re.compile(r"<script(?![^>]*\bsrc=)|javascript:", re.IGNORECASE),
    "outside": re.compile(r"(?:src|action)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE),
}
TEMPLATE_USE = re.compile(r"{%-?\s*(?:extends|include|import|from)\s+[\"']([^\"']+)[\"']")
HOSTS = re.compile(r"https?://|file:|--(?:extra-)?index-url|--find-links|--trusted-host|\s@\s")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)|^\[[^\]]+\]:\s+(\S+)", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def _relative(root: Path, pattern: str) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.glob(pattern) if "__pycache__" not in path.parts)


# ---------------------------------------------------------------- mirrors


RENDERING = frozenset({"render_template", "get_template"})


def views(root: Path) -> dict[str, list[str]]:
    """{module of the web room: the templates it renders}, of every module."""
    found = {}
    for name in _relative(root, "intake/web/**/*.py"):
        tree = ast.parse((root / name).read_text(encoding="utf-8"))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _named(node) in RENDERING]
        found[name] = [str(call.args[0].value) for call in calls if isinstance(call.args[0], ast.Constant)]
    return found


def _named(call: ast.Call) -> str:
    return str(getattr(call.func, "id", getattr(call.func, "attr", "")))


def _own(module: str) -> str | None:
    """The folder of templates that belongs to a module of views: "clinic/notes/"."""
    parts = Path(module).parts[2:]
    return f"{parts[0]}/{Path(parts[1]).stem}/" if len(parts) == 2 and parts[0] in AUDIENCES else None


def template_breaches(root: Path) -> Iterator[str]:
    """Views that render what is not there or not theirs, and templates nobody renders."""
    there = {name.removeprefix("templates/") for name in _relative(root, "templates/**/*.html")}
    used: set[str] = set()
    for module, rendered in views(root).items():
        own = _own(module)
        for template in rendered:
            used.add(template)
            if template not in there:
                yield f"{module} renders {template}, which is not there"
            elif own is not None and not template.startswith(own):
                yield f"{module} renders {template}, which is not its own"
    reached = _reached(root, used & there)
    yield from (f"nobody renders {template}" for template in sorted(there - reached))


def _reached(root: Path, used: set[str]) -> set[str]:
    reached, waiting = set(), set(used)
    while waiting:
        template = waiting.pop()
        reached.add(template)
        path = root / "templates" / template
        if path.exists():
            waiting |= set(TEMPLATE_USE.findall(path.read_text(encoding="utf-8"))) - reached
    return reached


def endpoint_breaches(endpoints: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """(endpoint, module, function) of routes whose name does not say where they live."""
    for endpoint, module, function in endpoints:
        if "." in endpoint and f"intake.web.{endpoint}" != f"{module}.{function}":
            yield f"{endpoint} lives in {module}.{function}"


def _mirrored(root: Path) -> dict[str, str]:
    """{module: its test file} for the rooms that are mirrored file for file."""
    modules = [name for room in MIRRORED for name in _relative(root, f"intake/{room}/*.py")]
    for audience in AUDIENCES:
        for name in _relative(root, f"intake/web/{audience}/*.py"):
            if re.search(r"^bp = Blueprint\(", (root / name).read_text(encoding="utf-8"), re.MULTILINE):
                modules += [name]
    modules += [f"intake/store/{name}.py" for name in ("migrations",) if (root / "intake/store" / name).is_dir()]
    return {
        module: f"tests/{Path(module).parent.relative_to('intake').as_posix()}/test_{Path(module).name}"
        for module in modules
        if not module.endswith("__init__.py") and module not in ONLY_NAMES
    }


def test_file_breaches(root: Path) -> Iterator[str]:
    """Modules without their test file, and test files of the mirrored rooms without their module."""
    mirrored = _mirrored(root)
    yield from (f"{module} has no {test}" for module, test in mirrored.items() if not (root / test).exists())
    folders = [*MIRRORED, *(f"web/{audience}" for audience in AUDIENCES)]
    patterns = [f"tests/{folder}/test_*.py" for folder in folders]
    for pattern in patterns:
        here = _relative(root, pattern)
        yield from (f"{test} tests nothing that is there" for test in here if not _tests(root, test))


def _tests(root: Path, test: str) -> bool:
    """Whether the module a test file is named after is there, as a module or a package."""
    module = root / "intake" / Path(test).relative_to("tests").with_name(Path(test).name.removeprefix("test_"))
    return module.exists() or module.with_suffix("").is_dir()


# ---------------------------------------------------------------- names and excuses


def name_breaches(root: Path) -> Iterator[str]:
    """Modules whose name says nothing."""
    for name in [*_relative(root, "intake/**/*.py"), *_relative(root, "tests/**/*.py")]:
        stem = Path(name).stem if Path(name).stem != "__init__" else Path(name).parent.name
        if stem.removeprefix("test_") in NAMELESS:
            yield f"{name}: call it by the noun it is about"


def excuse_breaches(root: Path) -> Iterator[str]:
    """Rules that are switched off without saying which and why."""
    for name in [*_relative(root, "intake/**/*.py"), *_relative(root, "tests/**/*.py")]:
        for number, line in enumerate((root / name).read_text(encoding="utf-8").splitlines(), start=1):
            yield from (f"{name}:{number}: {what}" for what, bare in EXCUSES if bare.search(line))


def markup_breaches(root: Path) -> Iterator[str]:
    """Templates that switch off escaping, or that our content policy would stop."""
    for name in _relative(root, "templates/**/*.html"):
        text = (root / name).read_text(encoding="utf-8")
        yield from (f"{name}: {what}" for what, forbidden in FORBIDDEN_IN_TEMPLATES.items() if forbidden.search(text))


# ---------------------------------------------------------------- documents


def settings(root: Path) -> set[str]:
    """The names of the environment that config.py reads."""
    tree = ast.parse((root / "intake/config.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _named(node) == "get" and node.args]
    words = [call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)]
    return {word for word in words if isinstance(word, str) and word.isupper()}


def document_breaches(root: Path, words: Iterable[str], document: str = "docs/operating.md") -> Iterator[str]:
    """Settings and commands a document does not explain."""
    path = root / document
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    for word in sorted(words):
        if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text):
            yield f"{document} does not mention {word}"


def link_breaches(root: Path) -> Iterator[str]:
    """Links of our documents that lead nowhere."""
    for name in [*_relative(root, "*.md"), *_relative(root, "docs/**/*.md"), *_relative(root, "bench/**/*.md")]:
        text = FENCE.sub("", (root / name).read_text(encoding="utf-8"))
        for match in LINK.finditer(text):
            target = match[1] or match[2]
            if not re.match(r"[a-z]+:", target) and (problem := _dead(root / name, target)):
                yield f"{name}: {target} {problem}"


def _dead(source: Path, target: str) -> str:
    file, _hash, anchor = target.partition("#")
    path = (source.parent / file).resolve() if file else source
    if not path.exists():
        return "is not there"
    if anchor and path.suffix == ".md" and anchor not in _anchors(path.read_text(encoding="utf-8")):
        return "has no such heading"
    return ""


def _anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ +(.+?) *$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


# ---------------------------------------------------------------- dependencies


def lock_breaches(root: Path) -> Iterator[str]:
    """Locks that name a host, miss a name or a hash, or disagree; and the project's own list when it differs."""
    pins = {name: _pins(root / f"requirements/{name}.txt") for name in ("run", "test")}
    for name, pinned in pins.items():
        text = (root / f"requirements/{name}.txt").read_text(encoding="utf-8")
        yield from (f"{name}.txt names a host: {found[0]!r}" for found in HOSTS.finditer(text))
        missing = _wanted(root / f"requirements/{name}.in") - set(pinned)
        yield from (f"{name}.txt does not lock {package}: run `make lock`" for package in sorted(missing))
        yield from (f"{name}.txt has no hash for {package}" for package, hashed in pinned.items() if not hashed[1])
    for package, (version, _hashed) in pins["run"].items():
        if pins["test"].get(package, ("",))[0] != version:
            yield f"run.txt and test.txt do not agree about {package}"
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    asked = [
        line
        for line in (root / "requirements/run.in").read_text(encoding="utf-8").splitlines()
        if line and line[0] != "#"
    ]
    if sorted(project) != sorted(asked):
        yield f"pyproject.toml and run.in differ: {sorted(set(project) ^ set(asked))}"


def _wanted(path: Path) -> set[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    names = {_normal(found[0]) for line in lines if line[:1].isalnum() and (found := NAME.match(line))}
    for line in lines:
        if line.startswith("-r "):
            names |= _wanted(path.parent / line.split()[1])
    return names


def _pins(path: Path) -> dict[str, tuple[str, bool]]:
    """{package: (the pinned requirement, whether it has a hash)}; one package can be pinned for several machines."""
    found: dict[str, tuple[str, bool]] = {}
    for block in re.split(r"\n(?=[A-Za-z0-9])", path.read_text(encoding="utf-8")):
        if match := re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", block):
            name = _normal(match[1])
            before = found.get(name, ("", True))
            found[name] = (f"{before[0]} {match[2]}".strip(), before[1] and "--hash=sha256:" in block)
    return found


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
