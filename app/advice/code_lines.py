"""The line of code that clips by norm at a threshold, for each framework."""

from cliffscape.landscapes.catalogue import CLIPS
from cliffscape.landscapes.clips.family import Call

# What is around the arguments that a clip declares.
FRAMES = {
    "PyTorch": "{code}  # between loss.backward() and optimizer.step()",
    "Keras": "keras.optimizers.SGD(learning_rate, {code})",
    "optax": "{code}",
    "Lightning": "lightning.Trainer({code})",
    "Hugging Face Trainer": 'transformers.TrainingArguments(output_dir="output", {code})',
}
# DeepSpeed clips by the norm of all parameters itself. Its configuration is JSON, and the same for every optimizer.
DEEPSPEED = '"gradient_clipping": {threshold}  # in the configuration'


def code_templates() -> dict[str, str]:
    """A line of code by framework, in which ``{threshold}`` stands for the threshold."""
    calls = CLIPS["by_norm"].calls
    assert calls is not None
    listed = (calls.pytorch, calls.keras, calls.optax, calls.lightning, calls.transformers)
    values = {"threshold": "{threshold}", "optimizer": "optimizer"}
    lines = {
        name: frame.format(code=call.code.format(**values))
        for (name, frame), call in zip(FRAMES.items(), listed, strict=True)
        if isinstance(call, Call)
    }
    return {**lines, "DeepSpeed": DEEPSPEED}


def code_lines(threshold: float) -> dict[str, str]:
    """A line of code by framework."""
    return {name: line.replace("{threshold}", repr(threshold)) for name, line in code_templates().items()}
