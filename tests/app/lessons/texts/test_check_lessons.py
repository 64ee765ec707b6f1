"""``cliffscape check-lessons`` on the program's own texts: a wrong number in a claim fails."""

import re
from pathlib import Path

import pytest

from cliffscape.app.lessons.coverage import gaps
from cliffscape.app.lessons.texts import claims, explanations
from tests.app.test_cli import invoke


@pytest.mark.parametrize(("number", "failed"), [("35-fold", 0), ("36-fold", 2)])
def test_a_wrong_number_in_a_claim_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: str, failed: int
) -> None:
    """Of all claims only the fifth, without presets and explanations, which other tests check."""
    text = claims.CLAIMS.read_text(encoding="utf-8")
    row, facts = re.findall(r"^\| 5 \|[^\n]*|^5 = \[$.*?^\]$", text, re.M | re.S)
    (tmp_path / "claims.md").write_text(f"{row.replace('35-fold', number)}\n```toml\n{facts}\n```\n", encoding="utf-8")
    monkeypatch.setattr(claims, "CLAIMS", tmp_path / "claims.md")
    monkeypatch.setattr(explanations, "read_explanations", list)
    for name in ("find_gaps", "check_all"):
        monkeypatch.setattr(gaps, name, lambda *_: ())
    status, out, err = invoke("check-lessons")
    assert status == (failed > 0) and out.count("claims.md, claim 5:1: ") == 2 + failed
    assert err == (f"{failed} facts do not hold, 0 faults in files\n" if failed else "")


def test_claims_that_are_not_installed_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "CLAIMS", tmp_path / "claims.md")
    monkeypatch.setattr(explanations, "read_explanations", list)
    for name in ("find_gaps", "check_all"):
        monkeypatch.setattr(gaps, name, lambda *_: ())
    assert invoke("check-lessons") == (0, "", "claims.md is not installed, so the claims are not checked\n")
