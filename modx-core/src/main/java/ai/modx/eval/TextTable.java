package ai.modx.eval;

import java.util.ArrayList;
import java.util.List;

/** A table with aligned columns, which Markdown understands as well: first column to the left, the others to the right. */
public final class TextTable {

    private final List<List<String>> rows = new ArrayList<>();

    public TextTable(List<String> header) {
        rows.add(List.copyOf(header));
    }

    public void add(List<String> cells) {
        if (cells.size() != rows.get(0).size()) {
            throw new IllegalArgumentException(cells.size() + " cells in a table of " + rows.get(0).size() + " columns");
        }
        rows.add(List.copyOf(cells));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < rows.get(row).size(); column++) {
                String cell = rows.get(row).get(column);
                String padding = " ".repeat(width(column) - cell.length());
                text.append("| ").append(column == 0 ? cell + padding : padding + cell).append(' ');
            }
            text.append("|\n");
            if (row == 0) {
                appendRule(text);
            }
        }
        return text.toString();
    }

    private void appendRule(StringBuilder text) {
        for (int column = 0; column < rows.get(0).size(); column++) {
            text.append("|").append("-".repeat(width(column) + 1)).append(column == 0 ? "-" : ":");
        }
        text.append("|\n");
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
