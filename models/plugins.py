"""Models of a user's own, named in the configuration.

    [models]
    nba = "my_module:model"        an object, or a class without arguments, as in `models.protocol`
    nfl = "path/to/model.onnx"     a network, with the optional extra `onnx`

A network reads either inputs named as the columns, each of shape (n,) or (n, 1), or one input
called `inputs` of shape (n, k), whose columns its metadata names under the key `inputs`, divided
by commas. Its first output has shape (n, 2), home and away, or (n, 3), home, draw and away.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from fusion.errors import ConfigError
from fusion.leagues import League
from models.inputs import column_names
from models.protocol import Columns, Floats, Model, Prices

TENSOR = "inputs"
TWO_WAY = 2


def load_model(spec: str, league: League) -> Model:
    """Return the model that `spec` names, which is to price `league`.

    Raises:
        ConfigError: it cannot be loaded, is no model, or reads columns the league has not.
    """
    model = _network(spec, league) if spec.endswith(".onnx") else _object(spec, league)
    known = column_names(league.sport)
    strangers = [name for name in model.inputs if name not in known]
    if strangers:
        msg = f"{_where(spec, league)} reads {', '.join(map(repr, strangers))}, which {league.key}"
        msg += f" has not; its columns are {', '.join(known)}"
        raise ConfigError(msg)
    return model


def as_prices(answer: Any, rows: int) -> Prices:
    """Return the answer of a user's model as prices: probabilities alone have no error.

    Two columns are home and away.
    """
    if isinstance(answer, Prices):
        return answer
    probabilities = np.asarray(answer, dtype=np.float64)
    if probabilities.shape == (rows, TWO_WAY):
        probabilities = np.insert(probabilities, 1, 0.0, axis=1)
    return Prices(probabilities, np.full(rows, np.nan))


class Plugged:
    """A user's object, whose answer may be probabilities alone."""

    def __init__(self, model: Any, name: str, inputs: tuple[str, ...]) -> None:
        self.name = name
        self.inputs = inputs
        self.valid = str(getattr(model, "valid", "as its author says"))
        self._model = model

    def price(self, columns: Columns) -> Prices:
        """Return what the object answers."""
        return as_prices(self._model.price(columns), columns["lead"].size)


class Network:
    """An ONNX network; `session` is an `onnxruntime.InferenceSession`."""

    def __init__(self, session: Any, name: str) -> None:
        self.name = name
        self.valid = "as its author says"
        self._session = session
        self._tensors = {each.name: tuple(each.shape) for each in session.get_inputs()}
        self._types = {each.name: _NUMBERS.get(each.type) for each in session.get_inputs()}
        if self.is_tensor:
            stated = session.get_modelmeta().custom_metadata_map.get(TENSOR, "")
            self.inputs = tuple(part.strip() for part in stated.split(",") if part.strip())
        else:
            self.inputs = tuple(self._tensors)

    @property
    def is_tensor(self) -> bool:
        """Whether all columns go in as one array."""
        return list(self._tensors) == [TENSOR]

    def price(self, columns: Columns) -> Prices:
        """Return what the network answers."""
        if self.is_tensor:
            fed = {TENSOR: np.stack([columns[name] for name in self.inputs], axis=1)}
        else:
            fed = {name: self._shaped(name, columns[name]) for name in self.inputs}
        typed = {name: values.astype(self._types[name]) for name, values in fed.items()}
        return as_prices(self._session.run(None, typed)[0], columns["lead"].size)

    def _shaped(self, name: str, values: Floats) -> Floats:
        return values[:, None] if len(self._tensors[name]) == TWO_WAY else values


_NUMBERS = {"tensor(float)": np.float32, "tensor(double)": np.float64}


def _object(spec: str, league: League) -> Model:
    module_name, _, attribute = spec.partition(":")
    if not module_name or not attribute:
        msg = f"{_where(spec, league)} must be 'module:name' or the path of an .onnx file"
        raise ConfigError(msg)
    try:
        found = getattr(import_module(module_name), attribute)
        model = found() if isinstance(found, type) else found
    except Exception as error:
        msg = f"{_where(spec, league)} cannot be loaded: {error!r}; the module must be on"
        msg += f" PYTHONPATH and have the name {attribute!r}"
        raise ConfigError(msg) from error
    name, inputs = getattr(model, "name", None), getattr(model, "inputs", None)
    listed = isinstance(inputs, tuple | list) and all(isinstance(each, str) for each in inputs)
    if not isinstance(name, str) or not name or not listed or not callable(_price_of(model)):
        msg = f"{_where(spec, league)} is no model: it needs a `name`, the `inputs` it reads (names"
        msg += f" of columns), and `price(columns)`; was {type(model).__name__}"
        raise ConfigError(msg)
    return Plugged(model, name, tuple(inputs or ()))


def _price_of(model: Any) -> Any:
    return getattr(model, "price", None)


def _network(spec: str, league: League) -> Model:
    try:
        runtime = import_module("onnxruntime")
    except ImportError as error:
        msg = f"{_where(spec, league)} needs onnxruntime; install it with: pip install"
        msg += " 'fairline[onnx]'"
        raise ConfigError(msg) from error
    try:
        session = runtime.InferenceSession(spec, providers=["CPUExecutionProvider"])
    except Exception as error:
        msg = f"{_where(spec, league)} cannot be loaded: {error}"
        raise ConfigError(msg) from error
    model = Network(session, f"onnx:{_stem(spec)}")
    if not model.inputs:
        msg = f"{_where(spec, league)} has one input {TENSOR!r} and does not say what is in it; put"
        msg += f" the names of its columns into its metadata under the key {TENSOR!r}"
        raise ConfigError(msg)
    return model


def _stem(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2].removesuffix(".onnx")


def _where(spec: str, league: League) -> str:
    return f"[models] {league.key} = {spec!r}"
