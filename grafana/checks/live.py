"""Runs every query of the dashboard and the rules against running services, through a Prometheus of its own.

Usage: live.py GATEWAY_MANAGEMENT_URL AUTH_MANAGEMENT_URL. The Prometheus listens on loopback, keeps its
data in a temporary folder and ends with this script. Verdicts: `data`; `idle`, when every metric of the
query has series but none matches yet; `MISSING`, when a metric has no series at all (exit 1).
"""
import json
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

import sources

SCRAPES = 12
PATIENCE_SECONDS = 40
# Windows that a few seconds of scraping can fill.
VARIABLES = {"$__rate_interval": "30s", "$__range": "30s", "$__interval": "15s"}
CONFIG = """
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: ["{rules}"]
scrape_configs:
  - {{job_name: weir-gateway, metrics_path: /metrics, static_configs: [{{targets: ["{gateway}"]}}]}}
  - {{job_name: weir-auth, metrics_path: /metrics, static_configs: [{{targets: ["{auth}"]}}]}}
"""


class Prometheus:
    """A throw-away server; use it with `with`."""

    def __init__(self, gateway, auth):
        self.folder = tempfile.TemporaryDirectory(prefix="weir-prometheus-")
        config, rules = (Path(self.folder.name) / name for name in ("prometheus.yml", "rules.yml"))
        # Evaluated every second like all else here, instead of at the group's own pace.
        rules.write_text(re.sub(r"^ +interval: .*\n", "", sources.rule_text(), flags=re.M))
        config.write_text(CONFIG.format(rules=rules, gateway=gateway, auth=auth))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{probe.getsockname()[1]}"
        self.url = f"http://{address}/api/v1/"
        self.log = open(Path(self.folder.name) / "log", "w+")
        self.process = subprocess.Popen(
            ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={self.folder.name}/data",
             f"--web.listen-address={address}", "--log.level=warn"], stderr=self.log, stdout=self.log)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        self.log.close()
        self.folder.cleanup()

    def get(self, path, **parameters):
        with urllib.request.urlopen(self.url + path + "?" + urllib.parse.urlencode(parameters), timeout=10) as answer:
            return json.load(answer)["data"]

    def query(self, expr):
        return self.get("query", query=expr)["result"]

    def await_scrapes(self):
        """Waits until both jobs were scraped often enough for rates."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            if self.process.poll() is not None:
                self.log.seek(0)
                raise SystemExit("grafana/check: Prometheus ended: " + self.log.read().strip())
            try:
                counts = self.query(f'count_over_time((up{{job=~"weir-.+"}} == 1)[1m:1s]) >= {SCRAPES}')
                if len(counts) == 2:
                    return
            except OSError:
                pass  # not listening yet
            time.sleep(0.5)
        reasons = [f"{t['scrapeUrl']}: {t['health']} {t['lastError']}" for t in self.get("targets")["activeTargets"]]
        raise SystemExit("grafana/check: no scrapes: " + "; ".join(reasons))


def judge(prometheus, expr, legend=""):
    """Returns (verdict, what to say about it)."""
    try:
        series = prometheus.query(expr)
    except urllib.error.HTTPError as refused:
        return "ERROR", json.load(refused)["error"]
    absent = sorted({name for name, _ in sources.selectors(expr)
                     if name != "ALERTS" and not prometheus.query(f"count({name})")})
    if absent:
        return "MISSING", "no series of " + ", ".join(absent)
    if not series:
        return "idle", "nothing matches yet"
    unlabelled = [label for label in legend.replace("}}", "{{").split("{{")[1::2] if label not in series[0]["metric"]]
    if unlabelled:
        return "ERROR", "the legend's label is not in the answer: " + ", ".join(unlabelled)
    return "data", f"{len(series)} series"


def rule_queries(prometheus):
    """Yields (rule, selector): an alert's whole query is rightly empty while all is well."""
    for group in prometheus.get("rules")["groups"]:
        for rule in group["rules"]:
            for _, selector in dict.fromkeys(sources.selectors(rule["query"])):
                yield f"{rule['type']} {rule['name'].removeprefix('route:')}", selector


def main(gateway, auth):
    address = [urllib.parse.urlsplit(url).netloc for url in (gateway, auth)]
    bad = counted = 0
    with Prometheus(*address) as prometheus:
        prometheus.await_scrapes()
        work = [(f"{title} {t.get('refId', '')}", t["expr"], t.get("legendFormat", "")) for title, t in
                sources.queries(sources.dashboard(), VARIABLES)]
        work += [(title, selector, "") for title, selector in rule_queries(prometheus)]
        for title, expr, legend in work:
            verdict, detail = judge(prometheus, expr, legend)
            print(f"{verdict:8} {title:44.44} {detail}" + ("" if verdict == "data" else f": {expr}"))
            bad += verdict in ("MISSING", "ERROR")
            counted += 1
    print(f"grafana/check: {counted} queries, {bad} without what they ask for")
    return 1 if bad else 0


sys.exit(main(*sys.argv[1:]))
