"""What the console's views show, and how they are used."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, expect

from antipode_tools.project.conditions import Conditions
from antipode_tools.world.drills.observed import Observed, Write
from antipode_tools.world.drills.report import Report
from antipode_tools.world.drills.verdict import Finding
from tests.browser.chromium import complaints
from tests.browser.console import CREATE, Json, column, item, live, opened
from tests.fakes.places import some

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_drills_report_is_shown_and_opens_as_a_page(browser: Browser) -> None:
    findings = [Finding("nothing is <b>lost</b>", True, "3 changes, 0 lost")]
    writes = [Write(at, "ireland", "a", f"{at}", done=True, home="ireland") for at in (0.1, 1.2)]
    observed = Observed(["ireland"], writes, marks=[(0.5, "cut ireland sydney")])
    report = Report("split", "it splits", findings, observed)

    async def drilled(_: Json) -> Json:
        told = {**report.as_json(), "page": "/ticket/split.html", "file": "/drills/split.html"}
        return {
            "drills": {"split": "it splits"},
            "runs": False,
            "lines": ["a line"],
            "report": told,
        }

    async def conditions(_: Json) -> Json:
        return {"conditions": Conditions().as_json()}

    made = {"/ticket/split.html": report.as_html()}
    with some("ireland") as (places, _):
        deeds = {"drilled": drilled, "conditions": conditions}
        async with opened(browser, places, deeds, made=made) as page:
            await page.get_by_role("tab", name="Distance").click()
            await expect(page.get_by_role("status").last).to_have_text("split: the promise held")
            said = page.get_by_text("nothing is <b>lost</b>: 3 changes, 0 lost")
            await expect(said).to_be_visible()
            await expect(page.locator(".plots svg")).to_have_count(len(report.as_json()["series"]))
            async with page.context.expect_page() as opening:
                await page.get_by_role("link", name="The report as a page").click()
            own = await opening.value
            await own.wait_for_load_state()
            complained = complaints(own)
            await own.reload()
            await expect(own.get_by_role("heading")).to_have_text("split: the promise held")
            padding = "getComputedStyle(document.querySelector('td')).paddingLeft"
            assert await own.evaluate(padding) != "1px"  # its own style is in force
            await expect(own.locator("svg")).to_have_count(len(report.as_json()["series"]))
            assert complained == []


async def test_it_is_used_by_the_keyboard_alone(browser: Browser) -> None:
    answers = dict.fromkeys(("ireland", "sydney"), lambda _: {"data": {"done": True}})
    with some("ireland", "sydney", answers=answers) as (places, _):
        async with opened(browser, places) as page:
            await page.get_by_role("textbox", name="Document").press("Control+Enter")
            await expect(column(page).get_by_text("✔ createItemsModel")).to_be_visible()
            await page.keyboard.press("Alt+2")
            await expect(column(page, "sydney").get_by_text("✔")).to_be_visible()
            await page.get_by_role("tab", name="Regions").press("ArrowRight")
            await expect(page.get_by_role("tab", name="Item")).to_be_focused()
            await expect(page.get_by_label("Model")).to_be_visible()


async def test_a_line_is_dragged_for_a_lag_and_broken_by_a_key(browser: Browser) -> None:
    given: list[Json] = []

    async def order(asked: Json) -> Json:
        given.append(asked)
        return {"said": "done", "conditions": Conditions().as_json()}

    async def conditions(_: Json) -> Json:
        return {"conditions": Conditions().as_json()}

    async def drilled(_: Json) -> Json:
        return {"drills": {"split": "it splits"}, "runs": False, "lines": [], "report": None}

    faults = {"order": order, "conditions": conditions, "drilled": drilled}
    with some("ireland", "sydney") as (places, _):
        async with opened(browser, places, faults) as page:
            await page.get_by_role("tab", name="Distance").click()
            line = page.get_by_role("slider", name="ireland and sydney")
            knob = await line.locator("circle").bounding_box()
            assert knob
            x, y = knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2
            await page.mouse.move(x, y)
            await page.mouse.down()
            await page.mouse.move(x, y - 60, steps=4)
            await page.mouse.up()
            await expect(page.get_by_role("status").last).to_be_attached()
            await line.press("x")
            await expect(page.get_by_text("done")).to_be_visible()
    lag, cut = given
    assert (lag["do"], lag["regions"]) == ("lag", ["ireland", "sydney"])
    assert 0.01 < lag["lag_s"] < 20
    assert cut == {"do": "cut", "regions": ["ireland", "sydney"]}


async def test_health_has_lag_age_failures_what_is_set_aside_and_who_takes_part(
    browser: Browser,
) -> None:
    def found(value: Json) -> Json:
        return {"found": value, "problem": ""}

    async def health(asked: Json) -> Json:
        if asked["region"] == "sydney":
            return {"drained": {"found": None, "problem": "AWS refuses"}}
        ages = {"record_age": 812.4, "iterator_age": 61_000.0, "failed": 3, "published": 120}
        lags = {"lag of code-of-ireland": 90.0, "lag of code-of-sydney": 912.0}
        return {
            "set_aside": found({"messages": 2, "objects": 1_000}),
            "drained": found(True),
            "serving": {"found": None, "problem": "no answer within 10 s"},
            "metrics": found({**ages, **lags}),
        }

    async def undelivered(asked: Json) -> Json:
        group = {"records": 2, "table": "t", "reason": "rejected", "source": "queue"}
        told = {"example": "<b>why</b>", "oldest": "2 days"}
        return {"dry_run": True, "groups": [{**group, **told}], "records": 2, "hidden": 0}

    async def redrive(asked: Json) -> Json:
        return {"dry_run": False, "published": 1, "rejected": [], "kept": 1, "stopped": "throttled"}

    deeds = {"health": health, "undelivered": undelivered, "redrive": redrive}
    with some("ireland", "sydney", answers={"sydney": lambda _: None}) as (places, _):
        async with opened(browser, places, deeds) as page:
            await page.get_by_role("tab", name="Health").click()
            ireland = page.get_by_role("region", name="Health of ireland")
            await expect(ireland.get_by_text("Published")).to_be_visible()
            names = await ireland.locator("dt").all_inner_texts()
            values = await ireland.locator("dd").all_inner_texts()
            told = dict(zip(names, values, strict=True))
            assert told.pop("API").startswith("answers in ")
            assert told.pop("Socket") in ("stands", "connecting")
            assert told == {
                "Relay lag, p99": "812 ms after the record",
                "Since the write, p99": "90 ms from ireland, 912 ms from sydney",
                "Iterator age": "61.0 s",
                "Failed": "3",
                "Published": "120 in 15 minutes",
                "Set aside": "2 in the queue, 1000 and more in the bucket",
                "Shared name": "drained: it gets no requests",
                "/health": "no answer within 10 s",
            }
            bad = await ireland.locator("dd.bad").all_inner_texts()
            assert bad == [
                "61.0 s",
                "3",
                told["Set aside"],
                "drained: it gets no requests",
                "no answer within 10 s",
            ]
            await expect(ireland.get_by_role("button", name=re.compile("redrive"))).to_have_count(0)
            await ireland.get_by_role("button", name="look at what is set aside (1002)").click()
            await expect(ireland.get_by_text("2 of t: rejected")).to_be_visible()
            await expect(ireland.get_by_text("<b>why</b>")).to_be_visible()
            await ireland.get_by_role("button", name="redrive 2").click()
            done = ireland.get_by_role("status")
            await expect(done).to_have_text("published 1, rejected again 0, kept 1")
            await expect(ireland.get_by_role("alert")).to_have_text("throttled")
            sydney = page.get_by_role("region", name="Health of sydney")
            await expect(sydney.get_by_text("not reached")).to_be_visible()
            await expect(sydney.get_by_text("AWS refuses")).to_be_visible()


@pytest.mark.parametrize(
    ("scheme", "paper"), [("light", "rgb(246, 247, 248)"), ("dark", "rgb(18, 22, 27)")]
)
async def test_every_view_fits_a_narrow_window_in_either_scheme(
    browser: Browser, scheme: str, paper: str
) -> None:
    async def conditions(_: Json) -> Json:
        return {"conditions": Conditions().as_json()}

    async def drilled(_: Json) -> Json:
        return {"drills": {"split": "it splits"}, "runs": False, "lines": [], "report": None}

    async def waiting(_: Json) -> Json:
        return {"code-of-ireland": None, "code-of-sydney": 12}

    async def health(_: Json) -> Json:
        return {"drained": {"found": None, "problem": "why " * 40}}

    deeds = {"conditions": conditions, "drilled": drilled, "waiting": waiting, "health": health}
    options: Json = {"viewport": {"width": 360, "height": 700}, "color_scheme": scheme}
    with some("ireland", "sydney") as (places, regions):
        async with opened(browser, places, deeds, **options) as page:
            await live(page, regions)
            told = item(1, item="x" * 400)
            told["onCreateItemsModel"]["id"] = "long" * 60
            regions.servers["ireland"].tell(CREATE, told)
            await expect(column(page).get_by_role("listitem")).to_have_count(1)
            await column(page).locator("summary").click()
            for name in ("Regions", "Item", "Health", "Distance"):
                await page.get_by_role("tab", name=name).click()
                wide = "document.documentElement.scrollWidth"
                assert await page.evaluate(wide) <= 360, name
            background = "getComputedStyle(document.body).backgroundColor"
            assert await page.evaluate(background) == paper
