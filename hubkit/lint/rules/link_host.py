"""A `repo-link` or an `asset-link` names a host that the hub does not know.

What a card points at is fetched, and its code may be run. A hub therefore keeps a list of the hosts that it trusts to
stay, and a look-alike name (`gitee.co`, `downIoad.mindspore.cn`) does not slip through.

Option: `known-hosts` in `[tool.hubkit]` of pyproject.toml, or in hubkit.toml, replaces the list.

Bad:

    asset-link: https://example.com/u2net.ckpt

Good:

    asset-link: https://download.mindspore.cn/models/r1.9/u2net.ckpt
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from hubkit.card.model import bare_link
from hubkit.card.parse import Document
from hubkit.card.text import nearest, shown
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule
from hubkit.lint.rules._links import front_links

_PLAIN = re.compile(r"<?https://([a-z0-9.-]+)/")


def check(document: Document, context: Context) -> Iterator[Finding]:
    known = context.config.known_hosts
    for key, value in front_links(document):
        plain = _PLAIN.match(value.text)
        if plain and plain[1] in known:
            continue  # nearly all
        try:
            parts = urlsplit(bare_link(value.text))
            host = parts.hostname
        except ValueError:
            continue  # link-form reports it
        if not host or host in known:
            continue
        after_user = parts.netloc.rpartition("@")[2]  # as it is written: the host name comes in lower case
        written = after_user[after_user.lower().find(host) :][: len(host)]
        meant = nearest(host, known, cutoff=0.8)
        hint = f"Did you mean {meant}? " if meant else ""
        hint += "A host of your hub's own goes into known-hosts of its settings."
        place = document.source.find(written, value.start, value.end)
        yield Finding(*place, f"{key}: the host {shown(host)} is not known to this hub", hint)


RULE = Rule("link-host", Category.LINKS, Severity.WARNING, check)
