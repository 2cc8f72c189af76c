"""Figures as text: medians, percentiles, and a table whose columns line up."""

from statistics import median


def percentile(ordered, percent):
    """The nearest rank."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def middle(figures):
    return median(figures) if figures else None


def ratio(ours, theirs):
    return f"{ours / theirs:.2f}" if ours and theirs else "-"


def figure(value, form=",.0f"):
    return "-" if value is None else format(value, form)


def table(title, heads, rows):
    """Prints rows; the first column is a name, the others stand right. A row may end early, with a remark."""
    widths = [len(head) for head in heads]
    for row in rows:
        # A remark in place of figures may run on to the right.
        for n, cell in enumerate(row if len(row) == len(heads) else row[:1]):
            widths[n] = max(widths[n], len(cell))
    print(f"\n{title}\n")
    for row in [heads, ["-" * width for width in widths], *rows]:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(widths[n]) if len(row) == len(heads) else cell for n, cell in enumerate(row[1:], 1)]
        print("  " + "  ".join(cells).rstrip(), flush=True)
