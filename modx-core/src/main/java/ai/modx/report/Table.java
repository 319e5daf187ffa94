package ai.modx.report;

import java.util.List;

/** A table that is moved sideways by itself where it is too wide for the page. */
final class Table {

    private final Html body = Html.of("tbody");
    private final Html table = Html.of("table");

    /** @param caption what it shows; empty for none */
    Table(String caption, List<String> head) {
        if (!caption.isEmpty()) {
            table.add(Html.of("caption", caption));
        }
        table.add(Html.of("thead").add(Html.of("tr").add(head.stream().map(cell -> Html.of("th", cell).with("scope", "col")).toList())), body);
    }

    /** The first cell names the row. */
    Table row(String name, List<String> cells) {
        return rowOf(name, cells.stream().map(cell -> Html.of("td", cell)).toList());
    }

    Table rowOf(String name, List<Html> cells) {
        body.add(Html.of("tr").add(Html.of("th", name).with("scope", "row")).add(cells));
        return this;
    }

    Html html() {
        return Html.of("div").with("class", "wide").with("tabindex", 0).with("role", "region").with("aria-label", "table").add(table);
    }
}
