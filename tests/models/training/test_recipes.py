from __future__ import annotations

from models.coefficients.shelf import built_in
from models.formulas import FAMILIES
from models.training.recipes import RECIPES, Recipe, recipe_of


def test_every_file_that_comes_along_has_a_recipe() -> None:
    """And no recipe is of a key that is not there."""
    assert set(RECIPES) == set(built_in())


def test_recipes_name_coefficients_of_the_family() -> None:
    """One that it has not would stop the fit."""
    families = {key: FAMILIES[file.family] for key, file in built_in().items()}
    named = {key: {*recipe.held, *recipe.start} for key, recipe in RECIPES.items()}
    assert {
        key: names - set(families[key].coefficients.__struct_fields__)
        for key, names in named.items()
    } == {key: set() for key in RECIPES}


def test_what_is_held_is_in_the_file() -> None:
    """The file that comes along was made with the recipe."""
    for key, file in built_in().items():
        held = RECIPES[key].held
        assert {name: file.coefficients[name] for name in held} == dict(held)
        assert file.data.seasons[0] >= RECIPES[key].first_season


def test_the_recipe_of_a_strange_key_is_plain() -> None:
    """All rows and all coefficients."""
    assert recipe_of("khl") == Recipe()


def test_national_teams_play_by_the_coefficients_of_clubs() -> None:
    """Those of the file that comes along; whoever trains clubs again writes them here too."""
    assert dict(recipe_of("soccer_intl").held) == built_in()["soccer"].coefficients
