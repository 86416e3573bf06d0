"""Amplify's names: plurals, foreign keys, queries by an index."""

from __future__ import annotations

import pytest

from antipode_tools.schema import naming

# As npm's pluralize 8.0.0 was seen to say it, words of each kind of rule that it has.
PLURALS = {
    "Task": "Tasks",
    "Class": "Classes",
    "Canvas": "Canvas",
    "Campus": "Campuses",
    "APIKey": "APIKeys",
    "URL": "URLS",
    "Box": "Boxes",
    "Bus": "Buses",
    "Status": "Statuses",
    "Address": "Addresses",
    "Category": "Categories",
    "Day": "Days",
    "Person": "People",
    "Child": "Children",
    "Man": "Men",
    "Woman": "Women",
    "Mouse": "Mice",
    "Foot": "Feet",
    "Tooth": "Teeth",
    "Goose": "Geese",
    "Leaf": "Leaves",
    "Knife": "Knives",
    "Hero": "Heroes",
    "Photo": "Photos",
    "Potato": "Potatoes",
    "Quiz": "Quizzes",
    "Index": "Indices",
    "Matrix": "Matrices",
    "Vertex": "Vertices",
    "Analysis": "Analyses",
    "Crisis": "Crises",
    "Criterion": "Criteria",
    "Phenomenon": "Phenomena",
    "Bacterium": "Bacteria",
    "Alumnus": "Alumni",
    "Cactus": "Cacti",
    "Axis": "Axes",
    "Ox": "Oxen",
    "Media": "Media",
    "News": "News",
    "Series": "Series",
    "Equipment": "Equipment",
    "Sheep": "Sheep",
    "Data": "Data",
    "UserProfile": "UserProfiles",
    "OrderLine": "OrderLines",
    "BlogEntry": "BlogEntries",
    "ItemsModel": "ItemsModels",
    "Items": "Items",
    "todo": "Todos",
}


@pytest.mark.parametrize("model", PLURALS)
def test_lists_have_the_plural_that_amplify_has(model: str) -> None:
    assert naming.plural(model) == PLURALS[model]


def test_a_foreign_key_is_of_the_model_the_field_and_the_key() -> None:
    assert naming.foreign_key("Post", "comments", "id") == "postCommentsId"
    assert naming.foreign_key("blogPost", "its_author", "userName") == "blogPostIts_authorUserName"


@pytest.mark.parametrize(
    ("model", "key", "query"),
    [
        ("Card", ["boardId"], "cardsByBoardId"),
        ("Card", ["boardId", "position"], "cardsByBoardIdAndPosition"),
        ("Person", ["team", "city", "name"], "peopleByTeamAndCityAndName"),
        ("my_Thing", ["x"], "my_ThingsByX"),
    ],
)
def test_a_query_by_an_index_is_named_after_all_that_it_goes_by(
    model: str, key: list[str], query: str
) -> None:
    assert naming.index_query(model, key) == query


def test_words_of_other_languages_become_parts_of_names() -> None:
    assert naming.joined("by-board.2_x") == "ByBoard2X"
    assert naming.logical("my_order_Line") == "MyorderLine"
    assert naming.camel(["Country", "price", "id"]) == "countryPriceId"
