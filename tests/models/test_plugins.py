from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from fusion.errors import ConfigError
from fusion.leagues import LEAGUES
from models.plugins import Network, as_prices, load_model
from models.protocol import Prices

NBA = LEAGUES["nba"]
COLUMNS = {"lead": np.array([0.0, 2.0]), "remaining_s": np.array([100.0, 100.0])}

OWN = """
import numpy as np

class Half:
    name = "half"
    inputs = ["lead"]

    def price(self, columns):
        home = np.full(columns["lead"].size, 0.5)
        return np.stack([home, 1 - home], axis=1)

class Stranger(Half):
    inputs = ["weather"]

model = Half()
nothing = 3
"""

Write = Callable[[str], str]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of a user's module that can be imported."""
    (tmp_path / "own_models.py").write_text(OWN)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "own_models", raising=False)
    return "own_models"


@pytest.mark.parametrize("attribute", ["model", "Half"])
def test_an_object_or_a_class_of_a_user_is_a_model(own: str, attribute: str) -> None:
    """Two columns of probabilities are enough; an error it does not tell is NaN."""
    model = load_model(f"{own}:{attribute}", NBA)
    prices = model.price(COLUMNS)
    assert (model.name, model.inputs) == ("half", ("lead",))
    np.testing.assert_array_equal(prices.probabilities, [[0.5, 0.0, 0.5]] * 2)
    assert np.isnan(prices.error).all()


@pytest.mark.parametrize(
    ("attribute", "message"),
    [
        (":Stranger", "reads 'weather', which nba has not; its columns are lead"),
        (":nothing", "is no model.*was int"),
        (":missing", "cannot be loaded.*PYTHONPATH"),
        ("", "must be 'module:name' or the path of an .onnx file"),
    ],
)
def test_what_is_no_model_is_told(own: str, attribute: str, message: str) -> None:
    """The error names the setting and how to mend it."""
    with pytest.raises(ConfigError, match=message) as raised:
        load_model(own + attribute, NBA)
    assert str(raised.value).startswith(f"[models] nba = '{own}{attribute}'")


def network(inputs: dict[str, list[int | str]], metadata: str = "") -> onnx.ModelProto:
    """Return a network that says 0.25 and 0.75 in every row of its last input."""
    last = list(inputs)[-1]
    nodes = [
        helper.make_node("ReduceSum", [last], ["sum"], keepdims=1, noop_with_empty_axes=0)
        if len(inputs[last]) == 1
        else helper.make_node("ReduceSum", [last, "axes"], ["sum"], keepdims=1),
        helper.make_node("Mul", ["sum", "zero"], ["none"]),
        helper.make_node("Add", ["none", "share"], ["probabilities"]),
    ]
    made = helper.make_graph(
        nodes,
        "quarter",
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in inputs.items()],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", 2])],
        [
            helper.make_tensor("axes", TensorProto.INT64, [1], [1]),
            helper.make_tensor("zero", TensorProto.FLOAT, [1], [0.0]),
            helper.make_tensor("share", TensorProto.FLOAT, [1, 2], [0.25, 0.75]),
        ],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    if metadata:
        helper.set_model_props(model, {"inputs": metadata})
    return model


@pytest.mark.parametrize(
    ("inputs", "metadata", "names"),
    [
        ({"inputs": ["n", 2]}, "lead, remaining_s", ("lead", "remaining_s")),
        ({"lead": ["n", 1]}, "", ("lead",)),
    ],
)
def test_a_network_prices_columns(
    tmp_path: Path, inputs: dict[str, list[int | str]], metadata: str, names: tuple[str, ...]
) -> None:
    """By one tensor whose columns the metadata names, or by inputs named as columns."""
    path = tmp_path / "quarter.onnx"
    onnx.save(network(inputs, metadata), path)
    model = load_model(str(path), NBA)
    assert isinstance(model, Network)
    assert (model.name, model.inputs) == ("onnx:quarter", names)
    prices = model.price(COLUMNS)
    np.testing.assert_array_equal(prices.probabilities, [[0.25, 0.0, 0.75]] * 2)


def test_a_tensor_without_names_is_refused(tmp_path: Path) -> None:
    """The error says where the names belong."""
    path = tmp_path / "blind.onnx"
    onnx.save(network({"inputs": ["n", 2]}), path)
    with pytest.raises(ConfigError, match="metadata under the key 'inputs'"):
        load_model(str(path), NBA)


def test_a_file_that_is_no_network_is_refused(tmp_path: Path) -> None:
    """As is one that is not there."""
    (tmp_path / "text.onnx").write_text("no network")
    for name in ("text.onnx", "none.onnx"):
        with pytest.raises(ConfigError, match="cannot be loaded"):
            load_model(str(tmp_path / name), NBA)


def test_without_the_extra_the_error_tells_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`onnxruntime` is optional."""
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ConfigError, match=r"needs onnxruntime; install it with: pip install"):
        load_model("x.onnx", NBA)


def test_prices_pass_as_they_are() -> None:
    """A model of the protocol tells its own error."""
    prices = Prices(np.array([[0.5, 0.2, 0.3]]), np.array([0.1]))
    assert as_prices(prices, 1) is prices
