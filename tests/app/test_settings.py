"""Settings: each has a description, a variable of the environment, and bounds."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from cliffscape.app.settings import Settings


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_has_a_description(name: str) -> None:
    sentence = Settings.model_fields[name].description
    assert sentence is not None
    assert sentence.endswith(".")
    assert sentence[0].isupper() or sentence.startswith("auto")


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIFFSCAPE_PORT", "9001")
    monkeypatch.setenv("CLIFFSCAPE_RELOAD", "1")
    assert (Settings().port, Settings().reload) == (9001, True)


@pytest.mark.parametrize(
    "wrong", [{"port": 70000}, {"threads": -1}, {"device": "toaster"}, {"chunk_milliseconds": 60}, {"slots": 0}]
)
def test_settings_have_bounds(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(wrong)


def test_page_and_files_are_found_from_the_checkout() -> None:
    assert (Settings().template_folder / "page.html").is_file()
    assert (Settings().static_folder / "js").is_dir()


def test_lists_are_written_with_commas_or_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIFFSCAPE_ALLOWED_HOSTS", "lab.example.org, *.school.example")
    monkeypatch.setenv("CLIFFSCAPE_FRAME_ANCESTORS", "'self' https://moodle.example.org:* http://localhost:8888")
    settings = Settings()
    assert settings.allowed_hosts == ("lab.example.org", "*.school.example")
    assert settings.frame_ancestors == ("self", "https://moodle.example.org:*", "http://localhost:8888")
    assert settings.framed and not Settings(frame_ancestors="").framed


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("allowed_hosts", "lab.example.org:80"),
        ("allowed_hosts", "https://lab.example.org"),
        ("frame_ancestors", "https://a.example; script-src *"),
        ("frame_ancestors", "moodle\r\nX-Header: 1"),
        ("root_path", "no/slash"),
        ("root_path", '/"quoted"'),
    ],
)
def test_hosts_ancestors_and_paths_have_a_form(name: str, value: str) -> None:
    with pytest.raises(ValidationError, match="must be "):
        Settings.model_validate({name: value})


def test_a_root_path_has_no_slash_at_the_end() -> None:
    assert [Settings(root_path=path).root_path for path in ("", "/", "/some/prefix/")] == ["", "", "/some/prefix"]


def test_landscape_files_are_separated_as_in_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIFFSCAPE_LANDSCAPE_FILES", os.pathsep.join(["one.py", "my folder/two.py"]))
    assert Settings().landscape_files == (Path("one.py"), Path("my folder/two.py"))
