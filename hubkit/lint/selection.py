"""Which rules run, where, and how bad their findings are: from the command line and the settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from hubkit.errors import ConfigError
from hubkit.lint.diagnostic import Severity
from hubkit.lint.rule import Category, Rule, nearest_rule
from hubkit.lint.rules import RULES
from hubkit.settings import Settings


@dataclass(frozen=True)
class Selection:
    """The rules of one run."""

    rules: tuple[Rule, ...]
    """The rules that run, in the table's order, with the severities of this hub."""
    path_ignores: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = ()
    """Patterns of absolute paths, and the ids of the rules that do not run there."""

    def ignored(self, path: str) -> frozenset[str]:
        """The ids of the rules that do not run for the card at the absolute ``path``."""
        return frozenset().union(*(ids for pattern, ids in self.path_ignores if pattern.fullmatch(path)))


def choose(
    settings: Settings,
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    least: Severity = Severity.INFO,
    rules: Sequence[Rule] = RULES,
    online: bool = False,
) -> Selection:
    """The rules that run: those selected, less those ignored, and of them those at least as bad as ``least``.

    What the command line selects takes the place of what the settings select; what either ignores is ignored. Rules
    that need to know how links fare run only ``online``. Raises ConfigError, which says where, for a rule or a severity
    that does not exist, and where the command line selects nothing but rules that do not run.
    """
    chosen = select or settings.select
    wanted = _expand(chosen, rules, "--select" if select else f"{settings.place('select')}: select")
    unwanted = _expand(ignore, rules, "--ignore") | _expand(
        settings.ignore, rules, f"{settings.place('ignore')}: ignore"
    )
    severities = _severities(settings, rules)
    running = [
        replace(rule, severity=severities.get(rule.id, rule.severity))
        for rule in rules
        if (not chosen or rule.id in wanted) and rule.id not in unwanted and (online or rule.check_online is None)
    ]
    if select and not online and not any(rule.check_online is None for rule in rules if rule.id in wanted):
        hint = "Add --online, or run `hubkit links`."
        raise ConfigError(f"--select: {', '.join(select)} is found out only by asking the network", hint=hint)
    order = list(Severity)
    return Selection(
        tuple(rule for rule in running if order.index(rule.severity) >= order.index(least)),
        tuple(_path_ignores(settings, rules)),
    )


def without_online(selection: Selection) -> Selection:
    """``selection`` less the rules that need to know how links fare: what the engine runs."""
    return replace(selection, rules=tuple(rule for rule in selection.rules if rule.check_online is None))


def only_online(selection: Selection) -> Selection:
    """``selection`` with nothing but the rules that need to know how links fare."""
    return replace(selection, rules=tuple(rule for rule in selection.rules if rule.check_online is not None))


def _expand(names: Iterable[str], rules: Sequence[Rule], place: str) -> set[str]:
    """The ids of the rules that ``names`` stand for: ids, categories, or "all"."""
    found: set[str] = set()
    for name in names:
        matching = {rule.id for rule in rules if name in (rule.id, rule.category.value, "all")}
        if not matching:
            nearest = nearest_rule(name, [*(rule.id for rule in rules), *(category.value for category in Category)])
            hint = f"Did you mean {nearest!r}? " if nearest else ""
            raise ConfigError(f"{place}: there is no rule {name!r}", hint=f"{hint}`hubkit rules` lists them.")
        found |= matching
    return found


def _severities(settings: Settings, rules: Sequence[Rule]) -> Mapping[str, Severity]:
    found: dict[str, Severity] = {}
    for name, value in settings.severity.items():
        place = f"{settings.place('severity', name)}: severity"
        if value not in list(Severity):
            allowed = ", ".join(severity.value for severity in Severity)
            raise ConfigError(f"{place}: {name} cannot be {value!r}", hint=f"It can be: {allowed}.")
        found.update(dict.fromkeys(_expand([name], rules, place), Severity(value)))
    return found


def _path_ignores(settings: Settings, rules: Sequence[Rule]) -> Iterable[tuple[re.Pattern[str], frozenset[str]]]:
    folder = settings.file.parent.resolve() if settings.file else Path.cwd()
    for glob, names in settings.per_path_ignores.items():
        place = f"{settings.place('per-path-ignores', glob)}: per-path-ignores"
        yield _glob(f"{folder.as_posix()}/{glob}"), frozenset(_expand(names, rules, place))


@lru_cache(maxsize=256)
def _glob(glob: str) -> re.Pattern[str]:
    """A glob as a pattern: ``**`` any folders, ``*`` and ``?`` within one name."""
    pieces = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", glob)
    return re.compile("".join(pieces.get(part, re.escape(part)) for part in parts))
