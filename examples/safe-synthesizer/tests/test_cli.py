import csv
import sys

import pytest

import safe_synthesizer
from safe_synthesizer import device
from safe_synthesizer.cli import main


def test_the_version_is_the_packages(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"safe-synthesizer {safe_synthesizer.__version__}\n"


def test_no_command_is_wrong_usage():
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2


def test_run_writes_the_rows_that_were_asked_for(workspace):
    assert main(["run", "--config", str(workspace / "config.yaml")]) == 0
    with (workspace / "synthetic.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 40
    assert list(rows[0]) == ["name", "age", "plan"]


def test_validate_reads_no_data(workspace, capsys):
    (workspace / "people.csv").unlink()
    assert main(["config", "validate", str(workspace / "config.yaml")]) == 0
    assert "valid, 3 columns, 40 rows" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("file", "written", "instead", "code"),
    [
        ("config.yaml", "rows: 40", "rows: many", 2),
        ("people.csv", "name,age,plan", "name,years,plan", 3),
    ],
)
def test_exit_codes_tell_configuration_from_data(workspace, file, written, instead, code):
    path = workspace / file
    path.write_text(path.read_text().replace(written, instead))
    assert main(["run", "--config", str(workspace / "config.yaml")]) == code


def test_a_gpu_that_is_asked_for_must_be_there(workspace, capsys, monkeypatch):
    monkeypatch.setattr(device, "names", list)
    path = workspace / "config.yaml"
    path.write_text(path.read_text() + "device: cuda\n")
    assert main(["run", "--config", str(path)]) == 4
    assert "no GPU is visible" in capsys.readouterr().err


def test_a_missing_extra_is_named(workspace, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "faker", None)
    assert main(["run", "--config", str(workspace / "config.yaml")]) == 5
    assert "safe-synthesizer[engine]" in capsys.readouterr().err
