import re

from hypothesis import given
from hypothesis import strategies as st

from pages.views.common.text import escape_markdown, one_line, short_name

JOINER = "\u2060"
SPECIAL = set("\\`*_{}[]()#+-.!|~<>$:&^=@/\"'")


@given(st.text())
def test_nothing_special_is_left_bare(text):
    shown = escape_markdown(text)
    assert not set(re.sub(r"\\.", "", shown)) & SPECIAL
    assert re.sub(r"\\(.)", r"\1", shown).replace(JOINER, "") == one_line(text), "nothing else is added"


def test_addresses_are_taken_apart():
    for address in ("www.example.org", "HTTPS://example.org", "http://a", "mailto:a@example.org", "a@example.org"):
        assert JOINER in escape_markdown(f"see {address} there")
    assert JOINER not in escape_markdown("see 3:1, a@ or www there".replace("a@", "@"))


@given(st.text())
def test_a_name_is_one_short_printable_line(text):
    shown = short_name(text)
    assert len(shown) <= 60 and (shown.isprintable() or shown == "")
    assert "\n" not in shown


def test_the_ends_of_a_long_name_stay():
    shown = short_name("holiday " + "x" * 300 + " beach.jpeg")
    assert shown.startswith("holiday") and shown.endswith("beach.jpeg") and "…" in shown


def test_what_turns_text_round_is_taken_out():
    assert one_line("photo\u202egnp.exe\x00 \n  b") == "photo gnp.exe b"
