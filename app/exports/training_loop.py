"""The clip of a Scene in training loops: the call of each framework, as Markdown with a code block each."""

import textwrap
from collections.abc import Callable, Mapping

from cliffscape.app.scene.metadata import link, version
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.catalogue import CLIPS
from cliffscape.landscapes.clips.family import Call, Clipping

NO_CALLS = "Nobody has written down yet how a training loop applies this rule."
SAME = "The same holds as for PyTorch, whose optimizers it uses."
HEAD = """# Training with the clip “{label}”

{summary}

    {formula}

Here {values}. SGD stands for your optimizer. This file is from Cliffscape {version}, for the Scene {link}
"""
PYTORCH = """{before}optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for inputs, targets in loader:
    optimizer.zero_grad()
    loss = loss_function(model(inputs), targets)
    loss.backward()
{code}
    optimizer.step()
"""
KERAS = """optimizer = keras.optimizers.SGD(learning_rate=0.1, {code})
model.compile(optimizer=optimizer, loss=loss_function)
"""
OPTAX = """optimizer = {code}
state = optimizer.init(parameters)
updates, state = optimizer.update(gradients, state, parameters)
parameters = optax.apply_updates(parameters, updates)
"""
LIGHTNING = "trainer = lightning.Trainer({code})\n"
LIGHTNING_HOOK = """{before}class Module(lightning.LightningModule):
    def configure_gradient_clipping(self, optimizer, gradient_clip_val=None, gradient_clip_algorithm=None):
{code}
"""
TRANSFORMERS = 'arguments = transformers.TrainingArguments(output_dir="output", {code})\n'
TRANSFORMERS_HOOK = """{before}class Clip(transformers.TrainerCallback):
    def on_pre_optimizer_step(self, args, state, control, model=None, **kwargs):
{code}


arguments = transformers.TrainingArguments(output_dir="output", max_grad_norm=0.0)
trainer = transformers.Trainer(model=model, args=arguments, callbacks=[Clip()])
"""
IMPORTS = {"PyTorch": "torch", "Keras": "keras", "optax": "optax", "Lightning": "lightning"}
IMPORTS |= {"Hugging Face Trainer": "transformers"}
# Modules that a call may need in addition.
MORE_IMPORTS = ("collections", "torch")


def training_loop(scene: Scene) -> str:
    """The text of the file."""
    entry, values = CLIPS[scene.clip.kind], scene.parameters("clip")
    named = " and ".join(f"{name} = {value!r}" for name, value in values.items()) or "there is nothing to choose"
    known = entry.documentation
    head = HEAD.format(
        label=entry.label,
        summary=known.summary,
        formula=known.notes.get("Formula", ""),
        values=named,
        version=version(),
        link=link(scene),
    )
    parts = [f"## {name}\n\n{text}" for name, text in framework_texts(entry, values).items()]
    return "\n".join([head, *parts])


def part(scene: Scene) -> str:
    """What the file is, for its name, such as ``by_norm_training_loop``."""
    return f"{scene.clip.kind}_training_loop"


def framework_texts(entry: Clipping, values: Mapping[str, float | str]) -> dict[str, str]:
    """For every framework the code block of the call and its note, or the sentence why there is none."""
    calls = entry.calls
    if calls is None:
        return dict.fromkeys(IMPORTS, NO_CALLS + "\n")
    numbers = {name: repr(value) for name, value in values.items()} | {"optimizer": "optax.sgd(learning_rate=0.1)"}
    pytorch, hooks = calls.pytorch, isinstance(calls.pytorch, Call)
    found: dict[str, tuple[Call | str, str, Callable[[str], str]]] = {
        "PyTorch": (pytorch, PYTORCH, in_loop),
        "Keras": (calls.keras, KERAS, str),
        "optax": (calls.optax, OPTAX, str),
        "Lightning": (calls.lightning or SAME, LIGHTNING, str),
        "Hugging Face Trainer": (calls.transformers or SAME, TRANSFORMERS, str),
    }
    if hooks and calls.lightning is None:
        found["Lightning"] = (pytorch, LIGHTNING_HOOK, in_module)
    if hooks and calls.transformers is None:
        found["Hugging Face Trainer"] = (pytorch, TRANSFORMERS_HOOK, in_method)
    return {name: framework_text(name, *one, numbers) for name, one in found.items()}


def framework_text(
    name: str, call: Call | str, frame: str, place: Callable[[str], str], numbers: Mapping[str, str]
) -> str:
    """The code block and the note of a call, or the sentence why there is none."""
    if isinstance(call, str):
        return call.format(**numbers) + "\n"
    before = call.before.format(**numbers)
    code = frame.format(code=place(call.code.format(**numbers)), before=f"{before}\n\n" if before else "")
    imports = sorted({IMPORTS[name], *(module for module in MORE_IMPORTS if f"{module}." in code)})
    lines = "\n".join(f"import {module}" for module in imports)
    note = f"\n{call.note}\n" if call.note else ""
    return f"```python\n{lines}\n\n{code}```\n{note}"


def in_loop(code: str) -> str:
    """Code in the body of the loop."""
    return textwrap.indent(code, " " * 4)


def in_method(code: str) -> str:
    """Code in the body of a method."""
    return textwrap.indent(code, " " * 8)


def in_module(code: str) -> str:
    """Code in a method of the model itself."""
    return in_method(code.replace("model.", "self."))
