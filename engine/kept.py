"""Files of JSON that NeuroMER wrote and reads again, whatever has become of them meanwhile.

A form says what a value has to be: ``str``, ``bool``, ``int`` or ``float`` (any finite number), ``None``, ``dict`` (any
object), ``[form]`` for a list, ``{str: form}`` for an object of any keys, ``{"key": form}`` for one that has these, and
a tuple for one of several. Keys that no form names are no damage: a newer version may have written them.
"""

import dataclasses
import json
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_LARGEST = 2**63  # beyond, a number is none that was counted or measured here


def read_json(path: Path) -> Any:
    """Return what a file of JSON holds.

    Raises
    ------
    OSError
        Where it cannot be read.
    ValueError
        For what is no JSON; the message quotes nothing of the file.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError("it is no UTF-8") from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def sound(said: Any, forms: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object without those entries that have not the form that is named for them; of no object, nothing."""
    if not isinstance(said, dict):
        return {}
    return {key: value for key, value in said.items() if key not in forms or fits(value, forms[key])}


def fits(value: Any, form: Any) -> bool:
    """Tell whether a value has a form."""
    if isinstance(form, tuple):
        return any(fits(value, each) for each in form)
    if isinstance(form, list):
        return isinstance(value, list) and all(fits(each, form[0]) for each in value)
    if isinstance(form, dict):
        if not isinstance(value, dict):
            return False
        if str in form:
            return all(fits(each, form[str]) for each in value.values())
        return all(key in value and fits(value[key], each) for key, each in form.items())
    if form in (int, float):
        number = isinstance(value, int if form is int else (int, float)) and not isinstance(value, bool)
        return number and abs(value) < _LARGEST  # which what is no number is not
    return form is Any or (value is None if form is None else isinstance(value, form))


def form_of(kind: type) -> dict[str, Any]:
    """Return the forms of a dataclass' attributes as JSON has them, by their annotations."""
    return {name: _form(hint) for name, hint in typing.get_type_hints(kind).items()}


def _form(hint: Any) -> Any:
    if isinstance(hint, types.UnionType):
        return tuple(_form(each) for each in typing.get_args(hint))
    if hint is types.NoneType:
        return None
    if typing.get_origin(hint) is tuple:
        return [_form(typing.get_args(hint)[0])]
    if typing.get_origin(hint) is dict or dataclasses.is_dataclass(hint):
        return dict
    return hint
