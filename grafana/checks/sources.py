"""Reads what the checks compare: the dashboard, the rules, and the meters that the Java code declares."""
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DASHBOARD = ROOT / "grafana/dashboards/overview.json"
RULES = ROOT / "grafana/alerts/weir.rules.yml"
RUNBOOKS = ROOT / "docs/runbooks"
ERRORS = ROOT / "gateway/src/main/java/dev/weir/gateway/problem/GatewayError.java"
AUTH_ERRORS = ROOT / "auth-service/src/main/java/dev/weir/auth/problem/AuthError.java"
GATEWAY_METERS = ROOT / "gateway/src/main/java/dev/weir/gateway/observe/GatewayMetrics.java"
AUTH_METERS = ROOT / "auth-service/src/main/java/dev/weir/auth/observe/AuthMetrics.java"

# Not ours: Prometheus itself, and what Micrometer's binders of the JVM publish.
FOREIGN = {"up", "ALERTS", "jvm_memory_used_bytes", "jvm_memory_max_bytes", "jvm_gc_pause_seconds_sum",
           "process_cpu_usage"}
SELECTOR = re.compile(r"(?<![\w:])((?:route:)?weir_[a-z0-9_:]+|(?:jvm|process)_[a-z_]+|up|ALERTS)(\{[^}]*\})?(?![\w:(])")
VARIABLES = {"$__rate_interval": "1m", "$__range": "1h", "$__interval": "1m", "$instance": ".*", "$route": ".*"}


def dashboard():
    try:
        return json.loads(DASHBOARD.read_text())
    except json.JSONDecodeError as e:
        print(f"grafana/check: {DASHBOARD.relative_to(ROOT)}:{e.lineno}:{e.colno}: not JSON: {e.msg}")
        raise SystemExit(1) from None


def queries(board, variables=None):
    """Yields (panel title, target or annotation) of the dashboard, its variables replaced in `expr`."""
    targets = [(panel["title"], target) for panel in board["panels"] for target in panel.get("targets", [])]
    targets += [("annotation: " + note["name"], note) for note in board["annotations"]["list"]]
    for title, target in targets:
        expr = target["expr"]
        for name, value in {**VARIABLES, **(variables or {})}.items():
            expr = expr.replace(name, value)
        yield title, {**target, "expr": expr}


def selectors(expr):
    """Returns [(metric name, full selector)] of a query."""
    return [(m.group(1), m.group(0)) for m in SELECTOR.finditer(expr)]


def rule_text():
    return RULES.read_text()


def alerts():
    return set(re.findall(r"- alert: (\w+)", rule_text()))


def recorded():
    return set(re.findall(r"- record: (\S+)", rule_text()))


def error_codes():
    return set(re.findall(r'^\s+[A-Z_]+\(\s*"([a-z-]+)"', ERRORS.read_text(), re.M))


def auth_error_codes():
    """The auth service spells a code as its constant, in kebab case."""
    return {name.lower().replace("_", "-") for name in re.findall(r"^  ([A-Z_]+)\(\d{3},", AUTH_ERRORS.read_text(), re.M)}


def declared_meters():
    """Returns every Prometheus name that the meters of both services may have, and the files not there."""
    names, missing = set(), []
    for source in (GATEWAY_METERS, AUTH_METERS):
        if source.exists():
            names |= {spelling for meter in _meters(source.read_text()) for spelling in _spellings(*meter)}
        else:
            missing.append(source)
    return names, missing


def _meters(java):
    """Yields (dotted name, kind); the kind is the first word of the constant's javadoc, where it has one."""
    for found in re.finditer(r'(?:/\*\*\s*(Counter|Timer|Gauge)\b([^/]*?)\*/\s*[^";]*)?"(weir\.[a-z.]+)"', java):
        kind = found.group(1) or ""
        yield found.group(3), "Seconds" if kind == "Gauge" and "seconds" in found.group(2) else kind


def _spellings(dotted, kind):
    base = dotted.replace(".", "_")
    seconds = base if base.endswith("_seconds") else base + "_seconds"
    timer = {seconds + end for end in ("_bucket", "_sum", "_count", "_max")}
    exact = {"Counter": {base + "_total"}, "Timer": timer, "Gauge": {base}, "Seconds": {seconds}}
    return exact.get(kind, {base, base + "_total", seconds} | timer)
