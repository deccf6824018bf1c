"""One way to write an identifier: what becomes the same, what stays apart, what is refused and how it is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchange.overlap.identifiers import KINDS, canonical, read, types

SAME = [
    ("email:Ada.Quill+test@GMail.com", "email:adaquill@gmail.com"),
    ("email:adaquill@googlemail.com", "email:adaquill@gmail.com"),
    (" email: ada.quill@Moss.Example ", "email:ada.quill@moss.example"),
    ("email:ada@m\u00fcnze.example", "email:ada@xn--mnze-0ra.example"),
    ("phone:+44 (20) 7946-0000", "phone:+442079460000"),
    ("pay:Procyon:Xt5EWLLDS7FJjR1c", "pay:procyon:Xt5EWLLDS7FJjR1c"),
    ("dev:web:0123456789abcdef", "dev:web:0123456789abcdef"),
    ("org-domain:WWW.Fern.example.", "org-domain:fern.example"),
    ("org-domain:www.example", "org-domain:www.example"),
]
NETWORKS = [("net:192.0.2.0/24", "net:192.0.2.0/24"), ("net:2001:db8:1::/48", "net:2001:db8:1::/48"),
            ("asn:AS64500", "asn:64500")]  # fmt: skip
REFUSED = [
    ("identifiers", "ada@moss.example", "does not begin with"),
    ("identifiers", "net:192.0.2.0/24", "does not begin with"),
    ("identifiers", "email:ada", "domain"),
    ("identifiers", "email:@moss.example", "mailbox"),
    ("identifiers", "email:+x@moss.example", "mailbox"),
    ("identifiers", "email:a b@moss.example", "mailbox"),
    ("identifiers", "email:ada@moss..example", "domain"),
    ("identifiers", "email:ada@127.0.0.1", "domain"),
    ("identifiers", "phone:020 7946 0000", "E.164"),
    ("identifiers", "phone:+0123456789", "E.164"),
    ("identifiers", "phone:+1234", "E.164"),
    ("identifiers", "pay:procyon:4111 1111 1111 1111", "SCOPE:FINGERPRINT"),
    ("identifiers", "pay:procyon:4111111111111111", "card number"),
    ("identifiers", "pay:procyon:4111-1111-1111-1111", "card number"),
    ("identifiers", "pay:procyon:short", "8 to 256"),
    ("identifiers", "dev:0123456789abcdef", "SCOPE"),
    ("identifiers", "org-domain:localhost", "domain"),
    ("identifiers", "org-domain:192.0.2.1", "domain"),
    ("identifiers", "org-domain:" + "x" * 2000, "longer"),
    ("networks", "net:192.0.2.7", "never one address"),
    ("networks", "net:192.0.2.7/24", "not a network"),
    ("networks", "net:192.0.2.0/25", "/24"),
    ("networks", "net:2001:db8::/64", "/48"),
    ("networks", "asn:0", "autonomous"),
    ("networks", "asn:4294967296", "autonomous"),
]


@pytest.mark.parametrize(("written", "expected"), SAME)
def test_an_identifier_has_one_form(written: str, expected: str) -> None:
    assert canonical(written, "identifiers") == expected


@pytest.mark.parametrize(("written", "expected"), NETWORKS)
def test_a_network_has_one_form(written: str, expected: str) -> None:
    assert canonical(written, "networks") == expected


@pytest.mark.parametrize(("purpose", "written", "why"), REFUSED)
def test_what_is_refused_says_why_and_not_what(purpose: str, written: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as error:
        canonical(written, purpose)
    assert written.partition(":")[2].strip() not in str(error.value) or not written.partition(":")[2]


@given(st.sampled_from(sorted(KINDS)), st.text(max_size=60))
@pytest.mark.slow
def test_any_text_is_refused_or_has_a_form_that_stays(purpose: str, text: str) -> None:
    for kind in KINDS[purpose]:
        try:
            held = canonical(f"{kind}:{text}", purpose)
        except ValueError:
            continue
        assert canonical(held, purpose) == held
        assert held.isascii()
        assert "\n" not in held


def test_a_list_names_lines_and_holds_each_identifier_once() -> None:
    text = "# confirmed\n\nemail:a@moss.example\nbad\nemail:A@moss.example\nasn:1\nphone:+442079460000\n"
    held = read(text, "identifiers")
    assert [(x.number, x.text) for x in held.lines] == [
        (3, "email:a@moss.example"), (7, "phone:+442079460000"),
    ]  # fmt: skip
    assert [number for number, _ in held.refused] == [4, 6]
    assert types(held.lines) == {"email": 1, "phone": 1}
