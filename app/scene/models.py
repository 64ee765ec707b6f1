"""Pydantic models built from declared signatures: parameters become fields with bounds and descriptions."""

from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, create_model

from cliffscape.landscapes.declare import Entry, Family, Parameter


class Frozen(BaseModel):
    """A model that is immutable and hashable, and rejects unknown keys, Inf and NaN."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True)

    def __reduce__(self) -> tuple[Any, ...]:
        """How another process gets an equal model: as JSON, because it finds no class that was made at runtime."""
        return type(self).model_validate_json, (self.model_dump_json(),)


def field(parameter: Parameter) -> tuple[Any, Any]:
    """A pydantic field from a declared parameter."""
    low, high = parameter.range.low, parameter.range.high
    default, sentence = parameter.default, parameter.sentence
    if parameter.type is str:
        return str, Field(default, min_length=int(low), max_length=int(high), description=sentence)
    return parameter.type, Field(default, ge=low, le=high, description=sentence)


def scene_field(parameter: Parameter) -> Any:
    """A field of the Scene itself."""
    type_, about = field(parameter)
    return Annotated[type_, about]


def choice(family: Family[Any], default: str) -> Any:
    """The family as a union of models distinguished by ``kind``."""
    models = {kind: model(entry) for kind, entry in family.entries.items()}
    union: Any = None
    for one in models.values():
        union = one if union is None else union | one
    first = models[default]
    return Annotated[union, Field(discriminator="kind", default_factory=lambda: first(kind=default))]


def model(entry: Entry) -> type[BaseModel]:
    """A pydantic model with the entry's parameters as fields."""
    fields: dict[str, Any] = {p.name: field(p) for p in entry.parameters}
    fields["kind"] = (Literal[entry.kind], ...)
    made = create_model(entry.kind, __base__=Frozen, __doc__=entry.documentation.summary, **fields)
    return cast(type[BaseModel], made)
