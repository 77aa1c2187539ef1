"""Many callers at once on one budget: what the ledger sums to never passes it, and nearly all of it is usable."""

import asyncio
import random
import time
from contextlib import AsyncExitStack
from decimal import Decimal

from .gateway import ADMIN_KEY, Gateway, Wrong, audit, check, cost, hedged, ledger, statuses
from .upstream import CUTTING, FLAKY, HEDGING, PATIENT, RANDOM, Upstream, provider

BUDGET = Decimal("1.00")
LEAST_USABLE = Decimal("0.95")
CALLER_KEY = "caller-0123456789"
SETTLE_SECONDS = 20
# A storm serves what is left in part; a few are enough, and this many mean that there is no end.
MOST_STORMS = 200
CALLERS_AFTER_THE_FIRST = 20

KEYS = f"""\
keys:
  - {{name: operator, key: {ADMIN_KEY}, admin: true}}
  - {{name: team, key: {CALLER_KEY}BUDGET}}
"""
VARIANTS = {
    "user": "budgets: {per_user_usd: 1.00}\n" + KEYS.replace("BUDGET", ""),
    "key": KEYS.replace("BUDGET", ", budget_usd: 1.00"),
    "tag": "budgets: {tags: {team=red: 1.00}}\n" + KEYS.replace("BUDGET", ""),
    "global": "budgets: {global_usd: 1.00}\n" + KEYS.replace("BUDGET", ""),
}


async def run(binary, folder, variant, callers, seed):
    """One run, with hedging where the seed is even; returns what it came to as a line of text."""
    hedges = seed % 2 == 0
    begun = time.monotonic()
    async with AsyncExitStack() as stack:
        manners = {"flaky": FLAKY, "cutting": CUTTING, "random": RANDOM}
        upstreams = [await stack.enter_async_context(Upstream(m, f"{seed} {name}")) for name, m in manners.items()]
        entries = "".join(provider(name, upstream, 1) for name, upstream in zip(manners, upstreams))
        configuration = f"server: {{workers: 2}}\n{HEDGING if hedges else PATIENT}{VARIANTS[variant]}providers:\n{entries}"
        gateway = Gateway(binary, folder, configuration)
        stack.callback(gateway.kill)
        storms, asked = await storm_until_refused(gateway, variant, callers, random.Random(seed))
        entry = await settled(gateway, variant)
        gateway.stop()
    lines = ledger(folder)
    total = cost(lines)
    check(total <= BUDGET, f"overspent: the ledger sums to {total} USD on a budget of {BUDGET}")
    check(total >= LEAST_USABLE * BUDGET, f"only {total} USD of {BUDGET} were usable")
    check(entry["spent"] == total, f"GET /budgets says {entry['spent']} USD, the ledger {total}")
    audit(binary, folder)
    check((hedged(lines) > 0) == hedges, f"{hedged(lines)} requests were hedged")
    fallbacks = sum(1 for line in lines if line["fallbacks"])
    counts = ", ".join(f"{count} {name}" for name, count in statuses(lines).most_common())
    return (f"{variant:6} seed {seed}: {total} USD of {BUDGET}; {asked} requests in {storms} storms, {counts}, "
            f"{fallbacks} with fallbacks, {hedged(lines)} hedged; {time.monotonic() - begun:.1f} s")


async def storm_until_refused(gateway, variant, callers, chance):
    """All callers ask until each was refused once; then fewer, again and again until a storm serves nobody.

    A caller may be refused while others have reserved what they then do not use: that is for the next storm.
    """
    asked = 0
    for storm in range(1, MOST_STORMS + 1):
        counts = await asyncio.gather(*(caller(gateway, variant, number, chance) for number in range(callers)))
        asked += sum(counts) + callers
        if sum(counts) == 0:
            return storm, asked
        callers = min(callers, CALLERS_AFTER_THE_FIRST)
        await settled(gateway, variant)
    raise Wrong(f"after {MOST_STORMS} storms somebody is still served")


async def caller(gateway, variant, number, chance):
    """Asks until it is refused; returns how often it was served."""
    count = 0
    while True:
        body = {
            "user_id": "shared" if variant == "user" else f"user-{number}",
            "tags": {"team": "red"} if variant == "tag" else {},
            "messages": [{"role": "user", "content": f"Question {count} of {number}"}],
            "stream": chance.random() < 0.5,
        }
        limit = chance.choice([None, 1, 100, 500, 500, 100_000])
        if limit is not None:
            body["max_tokens"] = limit
        # Tags are the native surface's.
        path = "/generate" if variant == "tag" else chance.choice(["/generate", "/v1/chat/completions"])
        if path != "/generate":
            body |= {"model": "auto", "user": body.pop("user_id")}
        hang_up_after = chance.choice([1, 600]) if chance.random() < 0.05 else None
        status, answer = await gateway.ask(path, body, CALLER_KEY, hang_up_after)
        if status == 402:
            return count
        # 502: every provider failed. 0: hung up before the head was there.
        known = status in (200, 502) or hang_up_after is not None
        check(known, f"a caller was answered {status}: {answer[:300]!r}")
        # Whoever hung up does not know whether it was served.
        if hang_up_after is None:
            count += 1


async def settled(gateway, variant):
    """The budget's entry once nothing is reserved."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        entry = next(e for e in await gateway.budgets() if e["kind"] == variant and e["limit"] == BUDGET)
        if entry["reserved"] == 0:
            return entry
        check(time.monotonic() < deadline, f"{entry['reserved']} USD stay reserved though nobody asks")
        await asyncio.sleep(0.02)
