"""A link leads to where hubkit does not go: into a private network, or from https down to http.

A card is read by anyone, and its links are asked for by the hub's own machines. A link to a private, loopback,
link-local or reserved address, also by way of a redirect or of a name server, works for no reader, and could make a
pipeline call on the network that it stands in, such as on its cloud's metadata service. It is not asked for. A redirect
from https to http is not followed: from there on, anyone on the way can change what is served.

Option: `allowed-private-hosts` of `[links]` in the settings, or `--allow-private HOST`, names hosts that may have
private addresses.

It is found out only where the network is asked: `hubkit links`, `hubkit lint --online`.

Bad:

    asset-link: https://192.168.1.10/u2net.ckpt

Good:

    asset-link: https://download.mindspore.cn/models/r1.9/u2net.ckpt
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Rule
from hubkit.lint.rules._reach import findings

if TYPE_CHECKING:
    from hubkit.links.verdict import Verdict


def check(document: Document, verdicts: "Mapping[str, Verdict]") -> Iterator[Finding]:
    hint = "Link to a public https address. A host of your own network goes into allowed-private-hosts of [links]."
    return findings(document, verdicts, "refused", hint)


RULE = Rule("link-refused", Category.LINKS, Severity.ERROR, check_online=check)
