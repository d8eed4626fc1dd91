"""The checker in the browser: the same verdicts as ``verify.py``, and nothing leaves the page."""

from __future__ import annotations

import contextlib
import html
import json
import random
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.cli import verify
from tests.arrears.test_output import statements
from tests.cli.test_verify import PLANS, altered, canonical, hashed
from tests.cli.test_verify_results import ALL
from tests.schedule.test_certificate import schedules
from tests.strategies.loans import examples

DOCS = Path(__file__).parents[2] / "docs"
SCRIPT = DOCS / "_static" / "verify.js"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
#: What would load or send something, or run text as code.
NETWORK = """fetch XMLHttpRequest WebSocket WebTransport EventSource RTCPeerConnection sendBeacon Worker
    Image src href action innerHTML outerHTML insertAdjacentHTML eval Function import require
    localStorage sessionStorage indexedDB cookie postMessage""".split()
#: The constants that both checkers have: lists and dictionaries, and the forms of parts.
SHARED = """FORMAT VERSION LARGEST LONGEST SUMMED IDENTITIES ACCRUALS SUMS PAID QUOTED METHODS KINDS
    FALLS_DUE BASES""".split()
FORMS = """HEAD HASH SCHEDULE CERTIFICATE ROW AMOUNTS INTEREST SEGMENT SUM SHARE INSTALMENT AGREED CAP GROWTH
    SOLVED QUOTE STATEMENT AGREEMENT APR DUE PENALTY RECEIPT PAYOUT PAYMENT FLOW SHOWN""".split()

needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")

#: A page that checks cases and writes what it found; it may load the script beside it, and nothing else.
PAGE = """<!DOCTYPE html><html lang="LANG"><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src file: 'unsafe-inline'">
<script>
  const refusedByPolicy = [];
  addEventListener("error", (event) => {
    document.querySelector("#found").textContent = JSON.stringify({ error: event.message });
  });
  document.addEventListener("securitypolicyviolation", (event) => refusedByPolicy.push(event.blockedURI));
</script>
<div id="verify"></div><pre id="found"></pre>
<script src="verify.js"></script><script src="cases.js"></script><script>
  const found = look(), plain = (_, value) => typeof value === "bigint" ? `${value}` : value;
  setTimeout(() => { // after what waits, such as the event of a request that was refused
    document.querySelector("#found").textContent = JSON.stringify({ ...found, refusedByPolicy }, plain);
  }, 100);
</script></html>"""
#: What the page does with the cases.
LOOK = """
const bytes = (text) => new TextEncoder().encode(text);
function verdict(text) {
  const done = {};
  try { return [null, check(bytes(text), done), done.rows, done.figures, done.stated]; }
  catch (error) { return [error.message, null, done.rows, done.figures, done.stated]; }
}
function told(text) {
  const shown = report(document.documentElement.lang, "loan.json", bytes(text));
  const box = shown.querySelector("input");
  if (box) box.checked = true;
  box?.dispatchEvent(new Event("change"));
  return [...shown.querySelectorAll("h3, h4, p, div.verify-verdict, dt, dd")].map((each) => each.textContent);
}
"""


def seen(
    folder: Path, lang: str, script: str, asked: Sequence[str] = (), **values: Any
) -> dict[str, Any]:
    """Open a page in the browser that has the script and some values; return what it found.

    The page may ask for nothing but `asked`, and does not get that.
    """
    shutil.copy(SCRIPT, folder)
    named = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in values.items())
    (folder / "cases.js").write_text(named + LOOK + script, encoding="utf-8")
    (folder / "page.html").write_text(PAGE.replace("LANG", lang), encoding="utf-8")
    done = subprocess.run(
        [
            str(CHROMIUM),
            *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
            *(f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=60000", "--dump-dom"),
            (folder / "page.html").as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    written = re.search('<pre id="found">(.*?)</pre>', done.stdout, re.DOTALL)
    assert written, done.stdout[-2_000:]
    assert written[1], done.stderr[-2_000:]
    found: dict[str, Any] = json.loads(html.unescape(written[1]))
    assert "error" not in found, found
    assert found["refusedByPolicy"] == [*asked]
    return found


BASE_PLAN = PLANS[0]
PAID = [rp.Receipt("2024-02-10", "888.49"), rp.Receipt("2024-04-15", "500")]
#: What has a certificate besides schedules.
OTHERS: list[Any] = [
    rp.settle(BASE_PLAN, on="2024-07-20", fee="1%"),
    rp.settle(BASE_PLAN, on="2024-07-20", method="rule_of_78"),
    rp.statement(BASE_PLAN, PAID, as_of="2024-06-20", penalty=rp.PenaltyTerms("1.5")),
    rp.statement(BASE_PLAN, [*PAID, rp.Receipt("2024-05-02", "9000")], as_of="2024-06-20"),
    rp.apr(BASE_PLAN, rule="eu"),
    rp.apr(PLANS[8], rule="reg_z"),
    rp.apr(flows=[("2024-01-10", "-1000"), ("2025-01-10", "1100.50")], rule="eu"),
    rp.agreement(rp.defer(BASE_PLAN, payment=4), parties={"lender": "A", "borrower": "B"}),
    rp.statement(BASE_PLAN, [rp.Receipt("2024-01-15", "100")], as_of="2024-01-20"),  # held
    rp.agreement(BASE_PLAN, parties={"lender": "A", "borrower": "B"}),
]


@cache
def certificates() -> list[str]:
    """Certificates of all kinds, some of them of schedules and statements drawn at random."""
    found = [*ALL, *(each.certificate() for each in [*PLANS, *OTHERS])]

    @settings(max_examples=examples(200), phases=[Phase.generate], database=None)
    @given(st.one_of(schedules, schedules, schedules, statements()))
    def draw(plan: rp.Schedule | rp.arrears.Statement) -> None:
        with contextlib.suppress(rp.errors.TermsError):  # some statements have none
            found.append(plan.certificate())

    draw()
    return [each.text for each in found]


# -- verdicts --------------------------------------------------------------------------------


def verdict(content: bytes) -> list[Any]:
    """What the checker says: a refusal or a hash, and how many rows and figures it saw."""
    done = Counter(rows=0, figures=0, stated=0)
    refused, digest = None, None
    try:
        digest = verify.check(content, done)
    except verify.RefusedError as error:
        refused = str(error)
    return [refused, digest, done["rows"], done["figures"], done["stated"]]


def check_same(text: str, found: list[Any]) -> bool:
    """Compare both verdicts, and return whether the certificate was refused.

    Where Python says what it did not understand, only the place is the same; a number of more digits
    than Python prints is such a case.
    """
    expected = verdict(text.encode("utf-8", "surrogatepass"))
    if expected[0] and expected[0].startswith("certificates: "):  # a set has no order
        assert (found[0] or "").startswith("certificates: ")
    elif expected[0] and "not understood" in expected[0]:
        limit = "integer string conversion" in expected[0]
        place = "" if limit else expected[0].partition("not understood")[0]
        assert found[0].startswith(place), text[:100]
        assert found[1:] == expected[1:]
    else:
        assert found == expected, text[:100]
    return expected[0] is not None


def forgery(plain: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Return an altered certificate; one that has no rows has none afterwards."""
    if "rows" in plain:
        return altered(plain, chance)[2]  # type: ignore[no-any-return]  # the certificate, among parts of any kind
    while True:
        _, path, forged = altered({**plain, "rows": [1, 2]}, chance)
        if path[0] != "rows":
            return {key: value for key, value in forged.items() if key != "rows"}


LOOK_AT_ALL = "const look = () => ({ verdicts: TEXTS.map(verdict) });"


@needs_browser
def test_certificates_are_accepted_and_shown(tmp_path: Path) -> None:
    texts = certificates()
    script = "const look = () => ({ verdicts: TEXTS.map(verdict), shown: TEXTS.map(told) });"
    found = seen(tmp_path, "en", script, TEXTS=texts)
    for text, each, shown in zip(texts, found["verdicts"], found["shown"], strict=True):
        assert not check_same(text, each)
        assert f"In orderSHA-256 {each[1]}" in shown[1]
        shown = [line for line in shown if not line.startswith("Annual")]  # which names its rule
        assert not [line for line in shown if re.search(r"undefined|NaN|\[object|_", line)]


@needs_browser
def test_altered_certificates_are_refused_where_the_checker_refuses_them(tmp_path: Path) -> None:
    chance = random.Random(20240110)
    plain = [json.loads(text) for text in certificates() if len(text) < 40_000]
    plain = [each for each in plain if len(each.get("rows", [1, 2])) > 1]
    forged = [forgery(chance.choice(plain), chance) for _ in range(1_000)]
    texts = [canonical(each if k % 5 == 0 else hashed(each)) for k, each in enumerate(forged)]
    found = seen(tmp_path, "en", LOOK_AT_ALL, TEXTS=texts)
    assert sum(map(check_same, texts, found["verdicts"])) > 850


BASE = PLANS[0].certificate().text
BAD = [
    "", "{}", "[]", "1e999", "NaN", '{"a":1.5}', '{"a":1,}', '{"a":01}', '{"a":"\x01"}', '{"a":"\\x"}',
    "[" * 100_000, '{"a":' * 100_000, "\ufeff{}", BASE + "x", BASE[:-1], '{"a":"\\ud800"}',
    BASE.replace('"closing":"921151"', '"closing":"921151","closing":"921152"'),
    BASE.replace('"payments":12', '"payments":12,"payments":12'),
    BASE.replace('"payments":12', '"payments":12.0'),
    BASE.replace('"payments":12', '"payments":-0'),
    BASE.replace('"rows":', '"rows":{},"rows":'),
    BASE.replace('"version":"1"', '"version":"2"'),
    BASE.replace('"of":"schedule"', '"of":"statement of another kind"'),
    BASE.replace('"of":"schedule"', '"of":["schedule"]'),
    BASE.replace('"base":"761080"', '"base":"٧٦١"'),
    BASE.replace('"base":"761080"', '"base":"1\\n"'),
    BASE.replace('"share":"1/12"', '"share":"1/0"'),
    BASE.replace('"share":"1/12"', '"share":"2/24"'),
    BASE.replace('"share":"1/12"', '"share":"1/12/1"'),
    BASE.replace('"end":"2024-05-10"', '"end":"2024-02-30"'),
    BASE.replace('"unit":"1"', '"unit":"0"'),
    BASE.replace('"currency":"', '"__proto__":{},"currency":"'),
    BASE.replace('"every":"month"', '"every":"\\ud83d\\ude00"'),
]  # fmt: skip
#: The same certificate in other clothes.
SAME = [json.dumps(json.loads(BASE), indent=3), json.dumps(json.loads(BASE)), f"\r\n {BASE}\t"]


@needs_browser
def test_bad_input_is_refused_as_the_checker_refuses_it(tmp_path: Path) -> None:
    letters = json.loads(BASE)
    letters["terms"]["loan"] |= {"\U0001f600": 1, "\uffee": '\u007f\u2028"\\\b', "é": 10**30}
    texts = [*BAD, *SAME, canonical(hashed(letters)), json.dumps(hashed(letters))]
    script = """const look = () => ({
      verdicts: TEXTS.map(verdict), bytes: verdictOf(Uint8Array.of(255, 254)),
      large: verdictOf(new Uint8Array(50_000_001)),
      hashes: LENGTHS.map((length) => sha256(new Uint8Array(length).fill(97))) });
    function verdictOf(content) { try { check(content, {}); } catch (error) { return error.message; } }"""
    lengths = [0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 1_000]
    found = seen(tmp_path, "en", script, TEXTS=texts, LENGTHS=lengths)
    refused = [check_same(*each) for each in zip(texts, found["verdicts"], strict=True)]
    assert refused == [True] * len(BAD) + [False] * 5
    assert found["bytes"].startswith("after row 0: not understood")
    assert found["large"] == verdict(b" " * 50_000_001)[0]
    assert found["hashes"] == [sha256(b"a" * length).hexdigest() for length in lengths]


@needs_browser
def test_both_checkers_know_the_same(tmp_path: Path) -> None:
    script = f"""const told = (value) => value instanceof Map ? Object.fromEntries(value) : value;
    const look = () => ({{ shared: [{", ".join(SHARED)}].map(told), forms: [{", ".join(FORMS)}],
      words: WORDS, years: [...YEARS].map(([name, days]) => [name, `${{days}}`]),
      kinds: [...CHECKS].map(([kind, [form]]) => [kind, form]),
      english: Object.keys(ENGLISH), chinese: Object.keys(CHINESE),
      names: Object.keys(CHINESE.names), reasons: Object.keys(CHINESE.reasons) }});"""
    found = seen(tmp_path, "en", script.replace("told", "plainly"))
    for name, stated in zip(SHARED, found["shared"], strict=True):
        assert stated == json.loads(json.dumps(getattr(verify, name))), name
    for name, stated in zip(FORMS, found["forms"], strict=True):
        assert set(stated.split()) == set(getattr(verify, name).split()), name
    assert found["words"] == verify.WORDS.split()
    years = {name: Fraction(days) for name, days in found["years"]}
    assert years == {name: Fraction(days) for name, days in verify.YEARS.items()}
    kinds = {kind: form.split() for kind, form in found["kinds"]}
    assert kinds == {kind: form.split() for kind, (form, _) in verify.CHECKS.items()}
    assert found["english"] == found["chinese"]
    names = {*verify.ACCRUALS, *verify.SUMS, *verify.WORDS.split(), *verify.KINDS}
    assert names <= set(found["names"])
    source = SCRIPT.read_text(encoding="utf-8")
    given = re.findall(r"refuse\((?:[^()]|\([^()]*\))*?, \"([^\"]*)\"", source)
    assert len(set(given)) > 15
    assert set(given) <= set(found["reasons"])


# -- what the page shows ---------------------------------------------------------------------


@needs_browser
@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_the_page_writes_how_each_figure_comes_about(lang: str, tmp_path: Path) -> None:
    plan = rp.prepay(PLANS[0], "500", on="2024-05-20", interest="all")
    good = plan.certificate().text
    bad = good.replace('"value":"7611"', '"value":"7511"', 1)
    script = """
    function look() {
      const area = document.querySelector("#verify textarea");
      area.value = GOOD;
      area.dispatchEvent(new Event("input"));
      const titles = [...document.querySelectorAll("#verify thead th")].map((each) => each.textContent);
      const shown = document.querySelectorAll("#verify .in-order").length;
      const opened = document.querySelectorAll("#verify tr.derivation:not([hidden])").length;
      return { good: told(GOOD), bad: told(BAD), page: document.body.textContent, titles, shown, opened };
    }"""
    found = seen(tmp_path, lang, script, GOOD=good, BAD=bad)
    lines = {
        "en": [
            "7,610.80 × 12% × 1/12 = 76.108, rounded half up: 76.11 (2024-04-10 to 2024-05-10, 30 days)",
            "888.49 (instalment) - 76.11 (interest) = 812.38",
            "7,610.80 (opening) - 812.38 (principal) = 6,798.42",
            "10,100 owed on its first due date, repaid by 12 payments at the factors 1% (11 times)"
            " = 888.4878867834…, rounded half up: 888.49",
        ],
        "zh-CN": [
            "7,610.80 × 12% × 1/12 = 76.108，四舍五入：76.11（2024-04-10至2024-05-10，30天）",
            "888.49（每期还款额） - 76.11（利息） = 812.38",
            "7,610.80（期初本金） - 812.38（本金） = 6,798.42",
            "首个还款日欠款10,100，分12期还清，各期利率1%（11期） = 888.4878867834…，四舍五入：888.49",
        ],
    }[lang]
    for line in lines:
        assert line in found["good"]
    refused = {
        "en": "REFUSED at rows[3].figures[0].value: states 7511, but 7611 follows",
        "zh-CN": "未通过核对，位置：rows[3].figures[0].value；原因：写的是7511，按计算应为7611",
    }[lang]
    assert found["bad"][1].startswith(refused)
    assert not any("76.108" in line for line in found["bad"])
    assert (found["shown"], found["opened"]) == (1, 1)
    assert len(found["titles"]) == 7
    if lang == "zh-CN":
        assert not re.findall(
            r"[A-Za-z]{2,}", re.sub("SHA|EUR|loan.json", "", " ".join(found["titles"]))
        )


@needs_browser
def test_the_page_shows_quotes_statements_rates_and_agreements(tmp_path: Path) -> None:
    texts = [each.certificate().text for each in OTHERS]
    script = """
    const rows = (text) => [...report("en", "", bytes(text)).querySelectorAll("tr")].map(
      (row) => [...row.children].map((cell) => cell.textContent).join(" | "));
    const look = () => ({ shown: TEXTS.map(told), rows: TEXTS.map(rows) });"""
    found = seen(tmp_path, "en", script, TEXTS=texts)
    for place, title, line in [
        (0, "Settlement on 2024-07-20", "5,149.20 (principal) + 16.61 (interest)"
         " + 51.49 (settlement fee) = 5,217.30"),
        (2, "Statement as of 2024-06-20", "penalty: 804.34 × 18% × 7/36 = 28.1519, rounded half up:"
         " 28.15 (2024-04-10 to 2024-06-20, 71 days)"),
        (2, "Receipts", "3,129.48 (due) + 5,997.84 (not yet due) = 9,127.32"),
        (4, "Annual percentage rate: 12.7% (eu)", "12.6826309005% a period, of which a year has 1"),
        (5, "Annual percentage rate: 16.91% (reg_z)", "100.00 (interest) + 781.49 (principal)"
         " + 5.00 (fee) + 16.00 (tax) = 902.49"),
        (7, "Agreement of 2024-04-10", "10,000.00 XXX from 2024-01-10"),
    ]:  # fmt: skip
        assert title in found["shown"][place]
        assert line in found["shown"][place]
    for place, row in [
        (2, "2024-04-15 | 500.00 | 393.94 (principal due 2024-03-10) + 92.12 (interest due"
         " 2024-03-10) + 13.94 (penalty due 2024-03-10)"),
        (6, "2025-01-10 | 1,100.5 | 1 | 1,000.00"),
        (7, "total | 8,072.50"),
    ]:  # fmt: skip
        assert row in found["rows"][place]


# -- nothing leaves it -----------------------------------------------------------------------


def test_the_script_asks_for_nothing_and_sends_nothing() -> None:
    source = SCRIPT.read_text(encoding="utf-8")
    code = re.sub(r"// [^\n]*|/\*[\s\S]*?\*/", "", source)
    words = set(re.findall(r"[A-Za-z_$][\w$]*", re.sub(r'"[^"\n]*"', '""', code)))
    assert {"check", "document", "sha256"} <= words
    assert not words & set(NETWORK)
    assert not re.search(r"(https?|wss?)://|\bopen\(", source)


@needs_browser
def test_a_request_would_be_seen(tmp_path: Path) -> None:
    script = 'const look = () => ({ sent: fetch("http://127.0.0.1:9/x").catch(() => 0) && true });'
    assert seen(tmp_path, "en", script, asked=["http://127.0.0.1:9/x"])["sent"]


@pytest.mark.parametrize("folder", ["", "zh"])
def test_both_languages_have_the_page(folder: str) -> None:
    page = (DOCS / folder / "howto" / "documents" / "verify.rst").read_text(encoding="utf-8")
    assert '<div id="verify">' in page
    assert re.findall('src="([^"]*)"', page) == ["../../_static/verify.js"]
