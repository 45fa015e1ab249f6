"""Charts: sound, harmless, the same each time, and nothing that only an eye or only a colour would tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring

import pytest

from hubkit.resources import resource_dir
from hubkit.site.charts.bars import Bar, bar_chart, with_rest
from hubkit.site.charts.chart import WIDTH, Chart
from hubkit.site.charts.line import Point, line_chart
from hubkit.site.charts.parity import Difference, parity_chart
from hubkit.site.charts.svg import number, shortened

EVIL = "</title><script>alert(1)</script>\"'&\u202e\x00模型"


def bars(label: str = "stage1") -> Chart:
    columns = ("Layer", "Parameters", "Share")
    found = (Bar(label, 300.0, "300", ("75 %",)), Bar("b", 100.0, "100", ("25 %",)), Bar("c", 0.0, "0", ("0 %",)))
    return bar_chart("layers", f"Parameters {label}", f"Most are in {label}.", columns, found)


def lines(label: str = "1.3") -> Chart:
    points = (Point(label, 76.9, "76.9"), Point("1.5", 77.2, label), Point("1.6", None, ""), Point("1.7", 78.0, "78"))
    return line_chart("metric", f"top1acc {label}", "From 76.9 to 78.", ("Version", "top1acc"), points)


def parities(label: str = "ONNX Runtime") -> Chart:
    differences = (
        Difference("MINDIR", 0.0, 0.0, "passed", "bit-equal", ("0",)),
        Difference(label, 8.9e-7, 1e-4, "passed", label, ("8.9e-7",)),
        Difference(label, 0.021, 1e-4, "failed", "0.021 of 1e-4", ("0.021",)),
        Difference(label, None, 1e-4, "failed", "not finite", ("not finite",)),
        Difference(label, 1e-5, 1e-4, "stale", "1e-5 of 1e-4", ("1e-5",)),
    )
    return parity_chart("parity", f"Parity {label}", "All lie below.", ("Comparison", "Error"), differences)


CHARTS = [bars, lines, parities]


def tree_of(chart: Chart) -> Element:
    return fromstring(str(chart.picture))


def test_no_line_goes_through_a_figure() -> None:
    points = tuple(Point(str(place), value, f"{value:g}") for place, value in enumerate((5.0, 3.0, 4.0, 6.0, 2.0)))
    tree = tree_of(line_chart("metric", "top1acc", "From 5 to 2.", ("Version", "top1acc"), points))
    dots = [item for item in tree if item.get("class") == "chart-dot"]
    figures = [item for item in tree if item.get("class") == "chart-value"]
    sides = [
        (figure.get("text-anchor"), float(figure.get("y", 0)) > float(dot.get("cy", 0)))
        for dot, figure in zip(dots, figures, strict=True)
    ]
    # Above a peak or the start of a fall, below a valley or the end of a fall, at the open side of a climb.
    assert sides == [("middle", False), ("middle", True), ("end", False), ("middle", False), ("middle", True)]


def test_where_there_is_little_room_the_short_label_is_shown() -> None:
    item = Difference("MINDIR in MindSpore: output maps, batch 1, 2 inputs", 0.0, 0.0, "passed", "bit-equal", ("0",))
    chart = parity_chart("parity", "Parity", "All.", ("Comparison", "Error"), (replace(item, short="MINDIR, maps"),))
    assert "MINDIR, maps" in [text.text for text in tree_of(chart) if text.get("class") == "chart-label"]
    assert chart.rows[0][0] == item.label


@pytest.mark.parametrize("make", CHARTS)
def test_a_picture_has_a_role_a_title_and_a_description(make: Callable[..., Chart]) -> None:
    chart = make()
    tree = tree_of(chart)
    assert tree.get("role") == "img"
    title, description = tree[0], tree[1]
    assert (title.tag, title.text) == ("title", chart.title)
    assert (description.tag, description.text) == ("desc", chart.description)
    assert tree.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"


@pytest.mark.parametrize("make", CHARTS)
def test_a_table_with_all_figures_stands_behind_it(make: Callable[..., Chart]) -> None:
    chart = make()
    assert len(chart.rows) >= 3
    assert all(len(row) == len(chart.columns) for row in chart.rows)
    values = [element.text for element in tree_of(chart) if element.get("class") == "chart-value"]
    assert values
    assert values[0] in {"300", "76.9", "bit-equal"}


@pytest.mark.parametrize("make", CHARTS)
def test_the_same_figures_give_the_same_picture(make: Callable[..., Chart]) -> None:
    assert make() == make()


@pytest.mark.parametrize("make", CHARTS)
def test_hostile_labels_are_text(make: Callable[..., Chart]) -> None:
    tree = tree_of(make(EVIL))
    assert {element.tag for element in tree.iter()} <= {
        "svg",
        "title",
        "desc",
        "text",
        "rect",
        "circle",
        "line",
        "path",
    }
    assert "\u202e" not in "".join(tree.itertext())
    assert "<script>" in (tree[0].text or "")


@pytest.mark.parametrize("make", CHARTS)
def test_all_lies_within_the_picture(make: Callable[..., Chart]) -> None:
    tree = tree_of(make("x" * 500))
    height = float((tree.get("viewBox") or "").split()[3])
    for element in tree:
        for name in ("x", "x1", "x2", "cx"):
            assert 0 <= float(element.get(name, 0)) <= WIDTH
        for name in ("y", "y1", "y2", "cy"):
            assert 0 <= float(element.get(name, 0)) <= height
        assert float(element.get("x", 0)) + float(element.get("width", 0)) <= WIDTH + 0.01
        if element.tag == "text":
            assert len(element.text or "") <= 52


@pytest.mark.parametrize("make", CHARTS)
def test_colours_come_from_the_style_sheet(make: Callable[..., Chart]) -> None:
    style = (resource_dir("site_templates") / "static" / "style.css").read_text(encoding="utf-8")
    for element in tree_of(make()):
        assert not {"style", "fill", "stroke"} & element.attrib.keys()
        for kind in element.get("class", "").split():
            assert kind == "chart-mark" or f".{kind}" in style


def test_what_failed_has_another_shape_than_what_passed() -> None:
    shapes = {
        (element.get("class", "").split()[-1], element.tag)
        for element in tree_of(parities())
        if element.get("class", "").startswith(("chart-mark", "chart-open"))
    }
    assert shapes == {("chart-passed", "circle"), ("chart-failed", "path"), ("chart-stale", "circle")}


def test_a_gap_breaks_the_line() -> None:
    assert len([element for element in tree_of(lines()) if element.get("class") == "chart-line"]) == 1


def test_the_longest_bar_fills_the_width_and_what_is_there_is_seen() -> None:
    widths = [float(element.get("width", 0)) for element in tree_of(bars()) if element.get("class") == "chart-bar"]
    assert widths == [WIDTH, pytest.approx(WIDTH / 3, abs=0.01), 0]
    assert 'class="chart-bar" x="0" y="52" width="1"' in str(
        bar_chart("a", "t", "d", ("l", "v"), (Bar("a", 1e9, "1e9"), Bar("b", 1.0, "1"))).picture
    )


def test_many_bars_end_in_the_rest() -> None:
    many = [Bar(str(index), 1.0, "1") for index in range(9)]
    assert with_rest(many, 9, Bar("rest", 0.0, "0")) == tuple(many)
    assert with_rest(many, 3, Bar("rest", 6.0, "6"))[2:] == (many[2], Bar("rest", 6.0, "6"))


@pytest.mark.parametrize(
    ("words", "short"),
    [("short", "short"), ("a" * 30, "a" * 6 + "…" + "a" * 3), ("模型" * 9, "模型模…型"), ("a\nb", "a b")],
)
def test_long_words_lose_their_middle(words: str, short: str) -> None:
    assert shortened(words, 10) == short


def test_a_coordinate_has_no_needless_digit() -> None:
    assert [number(value) for value in (1.0, 0.1 + 0.2, -0.001, 12.345)] == ["1", "0.3", "0", "12.35"]
