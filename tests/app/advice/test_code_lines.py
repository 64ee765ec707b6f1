"""The line of code for each framework."""

import ast
import json

import torch

from cliffscape.app.advice.code_lines import code_lines


def test_every_framework_has_a_line_with_the_threshold() -> None:
    lines = code_lines(1.8)
    assert list(lines) == ["PyTorch", "Keras", "optax", "Lightning", "Hugging Face Trainer", "DeepSpeed"]
    for name, line in lines.items():
        assert "1.8" in line
        if name != "DeepSpeed":
            ast.parse(line)


def test_the_line_of_pytorch_clips() -> None:
    model = torch.nn.Linear(3, 1)
    model(torch.full((1, 3), 100.0)).sum().backward()
    exec(code_lines(0.5)["PyTorch"], {"torch": torch, "model": model})
    total = torch.nn.utils.get_total_norm([one.grad for one in model.parameters() if one.grad is not None])
    assert abs(float(total) - 0.5) < 1e-5


def test_that_of_deepspeed_is_an_entry_of_its_configuration() -> None:
    entry = code_lines(2.0)["DeepSpeed"].partition("#")[0]
    assert json.loads("{" + entry + "}") == {"gradient_clipping": 2.0}
