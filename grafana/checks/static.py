"""Checks dashboard, rules and runbooks against each other and against the code. Prints one line per failure."""
import json
import re
import shutil
import subprocess
import sys
import tempfile
from itertools import combinations

import sources

failures = []


def fail(where, what):
    failures.append(f"grafana/check: {where}: {what}")


def check_panels(board):
    panels = [panel for panel in board["panels"] if panel["type"] != "row"]
    ids = [panel["id"] for panel in board["panels"]]
    if len(ids) != len(set(ids)):
        fail("dashboard", "two panels share an id")
    for panel in panels:
        check_panel(panel)
    for one, other in combinations(board["panels"], 2):
        if overlap(one["gridPos"], other["gridPos"]):
            fail(f"panel '{one['title']}'", f"overlaps '{other['title']}'")
    return len(panels)


def check_panel(panel):
    where, text = f"panel '{panel['title']}'", panel.get("description", "")
    if not panel["title"]:
        fail(f"panel {panel['id']}", "has no title")
    if "Bad: " not in text:
        fail(where, "its description does not say what a bad value looks like")
    if not panel["fieldConfig"]["defaults"].get("unit"):
        fail(where, "has no unit")
    if not panel["fieldConfig"]["defaults"].get("thresholds"):
        fail(where, "has no thresholds")
    if panel.get("datasource", {}).get("uid") != "${datasource}":
        fail(where, "names a datasource of its own instead of ${datasource}")
    links = re.findall(r"\]\(\$\{docs\}/([^)]+)\)", text)
    if not links:
        fail(where, "its description links no page")
    for link in links:
        if not (sources.ROOT / "docs" / link).is_file():
            fail(where, f"links docs/{link}, which does not exist")


def overlap(a, b):
    return (a["x"] < b["x"] + b["w"] and b["x"] < a["x"] + a["w"]
            and a["y"] < b["y"] + b["h"] and b["y"] < a["y"] + a["h"])


def check_names(board):
    known, missing = sources.declared_meters()
    for source in missing:
        print(f"grafana/check: skipped: names of {source.relative_to(sources.ROOT)}, which is not there")
    if missing:
        return
    known |= sources.FOREIGN | sources.recorded()
    used = [(f"panel '{title}'", target["expr"]) for title, target in sources.queries(board)]
    used.append(("rules", re.sub(r"#.*", "", sources.rule_text())))
    for where, expr in used:
        for name, _ in sources.selectors(expr):
            if name not in known:
                fail(where, f"asks for {name}, which no code declares")
    # Pages also name a whole timer, without _count or _bucket, and several by their common beginning.
    whole = {name.removesuffix("_count") for name in known}
    for page in [sources.ROOT / "docs/observing.md", *sources.RUNBOOKS.glob("*/*.md")]:
        for name in set(re.findall(r"`(?:\^)?(weir_[a-z_]+)", page.read_text())) - known - whole:
            fail(page.relative_to(sources.ROOT), f"speaks of {name}, which no code declares")


def check_syntax(board):
    """promtool parses rule files only, so each query of the dashboard becomes a recording rule."""
    if not shutil.which("promtool"):
        return
    for title, target in sources.queries(board):
        with tempfile.NamedTemporaryFile("w", suffix=".yml") as rules:
            group = {"name": "dashboard", "rules": [{"record": "checked:query", "expr": target["expr"]}]}
            json.dump({"groups": [group]}, rules)
            rules.flush()
            ran = subprocess.run(["promtool", "check", "rules", rules.name], capture_output=True, text=True)
        if ran.returncode:
            fail(f"panel '{title}'", f"query does not parse: {target['expr']}: {ran.stderr.strip()}")


def check_pages():
    compare("alert", sources.alerts(), "alerts")
    compare("error code", sources.error_codes(), "errors")
    compare("error code of the auth service", sources.auth_error_codes(), "errors/auth")
    for url in re.findall(r"runbook_url: (\S+)", sources.rule_text()):
        page = url.removeprefix("https://weir.dev/")
        if not (sources.ROOT / page).is_file():
            fail("rules", f"runbook_url {url}: there is no {page}")
    index = (sources.RUNBOOKS / "README.md").read_text()
    for page in sources.RUNBOOKS.glob("*/*.md"):
        if f"({page.parent.name}/{page.name})" not in index:
            fail("docs/runbooks/README.md", f"does not list {page.parent.name}/{page.name}")


def compare(noun, wanted, folder):
    pages = {page.stem for page in (sources.RUNBOOKS / folder).glob("*.md")}
    for name in sorted(wanted - pages):
        fail(f"docs/runbooks/{folder}", f"{noun} {name} has no page")
    for name in sorted(pages - wanted):
        fail(f"docs/runbooks/{folder}/{name}.md", f"there is no {noun} of that name")


def main():
    board = sources.dashboard()
    panels = check_panels(board)
    check_names(board)
    check_syntax(board)
    check_pages()
    for line in failures:
        print(line)
    if not failures:
        print(f"grafana/check: {panels} panels, {len(sources.alerts())} alerts, "
              f"{len(sources.error_codes()) + len(sources.auth_error_codes())} error codes agree with code and runbooks")
    return 1 if failures else 0


sys.exit(main())
