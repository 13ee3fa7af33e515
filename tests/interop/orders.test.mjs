// Orders through REST with their effect on the hub: brackets, resting orders, reads, refusals.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { account, bracketAccount, Gateway, Hub, mnq, subscribeAll, until } from "./gateway.mjs";
import { check, restOrder, restPosition, restTrade, userOrder } from "./shapes.mjs";

let gateway, token;
before(async () => {
  gateway = await Gateway.start();
  token = await gateway.login();
  await gateway.control("settings", { rateLimit: false });
});
after(() => gateway.stop());
beforeEach(() => gateway.control("price", { symbol: "MNQ", last: 29500, bid: 29499.75, ask: 29500 }));

const place = (order) =>
  gateway.call("/api/Order/place", { accountId: account, contractId: mnq, type: 2, side: 0, size: 1, ...order }, token);
const working = async (accountId) => (await gateway.done("/api/Order/searchOpen", { accountId }, token)).orders;
const positions = async (accountId) =>
  (await gateway.done("/api/Position/searchOpen", { accountId }, token)).positions;
const trades = async (accountId) =>
  (await gateway.done("/api/Trade/search", { accountId, startTimestamp: "2026-09-01T00:00:00Z" }, token)).trades;
const byId = async (accountId, orderId) =>
  (await gateway.done("/api/Order/searchById", { accountId, orderId }, token)).order;

test("an entry with stop and target, from suspended children to the cancelled sibling", async () => {
  const hub = await Hub.open(gateway.userHub, token);
  await subscribeAll(hub, bracketAccount);
  const entry = await place({
    accountId: bracketAccount, size: 2, customTag: "t-17", stopLossBracket: { ticks: -40, type: 4 },
    takeProfitBracket: { ticks: 80, type: 1 },
  });
  assert.equal(entry.success, true);
  const seen = (status) => hub.data("GatewayUserOrder").filter((o) => o.status === status);
  await hub.wait(() => seen(1).length === 2, "both children open");
  for (const order of hub.data("GatewayUserOrder")) check(order, userOrder);

  const suspended = seen(8);
  assert.equal(suspended.length, 2);
  const stop = suspended.find((o) => o.type === 4);
  const target = suspended.find((o) => o.type === 1);
  for (const child of suspended) {
    assert.deepEqual([child.parentOrderId, child.side, child.size], [entry.orderId, 1, 2]);
    assert.ok(!("limitPrice" in child) && !("stopPrice" in child));
  }
  assert.deepEqual([stop.customTag, stop.trailDistance, stop.trailPrice], ["t-17-SL", -40, -10]);
  assert.deepEqual([target.customTag, target.trailDistance, target.trailPrice], ["t-17-TP", 80, 20]);
  assert.equal(target.linkedOrderId, stop.id);
  assert.ok(!("linkedOrderId" in stop));

  const open = await working(bracketAccount);
  for (const order of open) check(order, restOrder);
  assert.deepEqual(open.map((o) => [o.id, o.limitPrice ?? null, o.stopPrice ?? null]),
    [[stop.id, null, 29490], [target.id, 29520, null]]);
  assert.ok(entry.orderId < stop.id && stop.id < target.id);

  hub.forget();
  await gateway.control("price", { symbol: "MNQ", last: 29490, bid: 29489.75, ask: 29490 });
  await hub.wait(() => seen(3).length === 1, "the sibling cancelled");
  const filled = seen(2)[0];
  assert.deepEqual([filled.id, filled.type, filled.filledPrice], [stop.id, 4, 29489.75]);
  assert.equal(seen(3)[0].id, target.id);
  assert.equal(hub.data("GatewayUserTrade").find((t) => t.orderId === stop.id).profitAndLoss, -41);
  const order = hub.log.map((event) => event.target);
  assert.ok(order.indexOf("GatewayUserTrade") < order.indexOf("GatewayUserOrder")); // a stop tells its trade first
  assert.deepEqual(await working(bracketAccount), []);
  assert.deepEqual(await positions(bracketAccount), []);
  await hub.close();
});

test("closing the position leaves the children working", async () => {
  await place({
    accountId: bracketAccount, stopLossBracket: { ticks: -40, type: 4 }, takeProfitBracket: { ticks: 80, type: 1 },
  });
  await until(async () => (await working(bracketAccount)).length === 2, "both children open");
  await gateway.done("/api/Position/closeContract", { accountId: bracketAccount, contractId: mnq }, token);
  await until(async () => (await positions(bracketAccount)).length === 0, "flat");
  const left = await working(bracketAccount);
  assert.equal(left.length, 2);
  for (const { id } of left) {
    await gateway.done("/api/Order/cancel", { accountId: bracketAccount, orderId: id }, token);
  }
  await until(async () => (await working(bracketAccount)).length === 0, "no orders");
});

test("brackets that are refused, in the gateway's words", async () => {
  const text = async (order) => {
    const answer = await place({ accountId: bracketAccount, ...order });
    assert.deepEqual([answer.success, answer.errorCode, typeof answer.orderId], [false, 2, "number"]);
    return answer.errorMessage;
  };
  assert.equal(await text({ stopLossBracket: { ticks: 40, type: 4 } }),
    "Invalid stop loss ticks (40). Ticks should be less than zero when longing.");
  assert.equal(await text({ side: 1, takeProfitBracket: { ticks: 40, type: 1 } }),
    "Invalid take profit ticks (40). Ticks should be less than zero when going short.");
  assert.equal(await text({ stopLossBracket: { ticks: -3, type: 4 } }),
    "Invalid stop loss ticks (-3). Stop loss tick value should be at least 4 ticks.");
  assert.equal(await text({ stopLossBracket: { ticks: -40, type: 1 } }), "Invalid stop loss type (Limit)");
});

test("a limit order rests, is modified, fills, and its reads agree", async () => {
  const hub = await Hub.open(gateway.userHub, token);
  await subscribeAll(hub, account);
  const { orderId } = await place({ type: 1, limitPrice: 29490, size: 3, customTag: "rest-1" });
  await until(async () => (await working(account)).some((o) => o.id === orderId), "the order working");
  await gateway.done("/api/Order/modify", { accountId: account, orderId, limitPrice: 29495, size: 2 }, token);
  const modified = await byId(account, orderId);
  check(modified, restOrder);
  assert.deepEqual([modified.limitPrice, modified.size, modified.status, modified.customTag], [29495, 2, 1, "rest-1"]);

  await gateway.control("price", { symbol: "MNQ", last: 29494, bid: 29493.75, ask: 29494 });
  await hub.wait(() => hub.data("GatewayUserPosition").length > 0, "the fill");
  const kinds = hub.log.map((e) => e.target);
  assert.ok(kinds.lastIndexOf("GatewayUserOrder") < kinds.indexOf("GatewayUserTrade")); // a limit tells its order first
  const filled = await byId(account, orderId);
  assert.equal(filled.status, 2);
  assert.equal(filled.updateTimestamp, modified.updateTimestamp); // a fill does not move it
  const [position] = await positions(account);
  check(position, restPosition);
  assert.equal(position.averagePrice, filled.filledPrice);

  const query = {
    filter: { accountId: account, statuses: [2] }, pageSize: 1, pageOffset: 0, sortBy: 1, sortDirection: 1,
    includeTotalCount: true,
  };
  const page = await gateway.done("/api/Order/v2/query", query, token);
  assert.equal(page.orders.length, 1);
  assert.equal(page.orders[0].id, orderId);
  assert.ok(page.totalCount >= 1);
  await gateway.done("/api/Position/closeContract", { accountId: account, contractId: mnq }, token);
  await hub.wait(() => hub.data("GatewayUserPosition").some((p) => p.size === 0), "flat");
  await hub.close();
});

test("orders are listed ascending with the rejected ones, trades descending, to the cent", async () => {
  const account0 = (await gateway.done("/api/Account/search", { onlyActiveAccounts: true }, token)).accounts[0];
  const before = (await trades(account)).length;
  await place({ size: 2 });
  await place({ stopPrice: 29400.1, type: 4, side: 1 });
  await gateway.done("/api/Position/partialCloseContract", { accountId: account, contractId: mnq, size: 1 }, token);
  await gateway.done("/api/Position/closeContract", { accountId: account, contractId: mnq }, token);
  await until(async () => (await trades(account)).length === before + 3, "three fills");
  const day = (await gateway.done("/api/Order/search",
    { accountId: account, startTimestamp: "2026-09-01T00:00:00Z" }, token)).orders;
  for (const order of day) check(order, restOrder);
  const ids = day.map((o) => o.id);
  assert.deepEqual(ids, [...ids].sort((a, b) => a - b));
  assert.ok(day.some((o) => o.status === 5));
  const fills = await trades(account);
  for (const trade of fills) check(trade, restTrade);
  assert.deepEqual(fills.map((t) => t.id), fills.map((t) => t.id).sort((a, b) => b - a));
  const cents = (x) => Math.round(x * 100);
  const change = fills.slice(0, 3).reduce((sum, t) => sum + cents((t.profitAndLoss ?? 0) - t.fees - t.commissions), 0);
  const account1 = (await gateway.done("/api/Account/search", { onlyActiveAccounts: true }, token)).accounts[0];
  assert.equal(cents(account1.balance), cents(account0.balance) + change);
});

test("a tag is taken once, even by an order that is gone", async () => {
  const first = await place({ type: 1, limitPrice: 29000, customTag: "only once" });
  await gateway.done("/api/Order/cancel", { accountId: account, orderId: first.orderId }, token);
  const again = await place({ type: 1, limitPrice: 29000, customTag: "only once" });
  assert.deepEqual([again.success, again.errorCode], [false, 2]);
  assert.ok(again.errorMessage.length > 0);
});

test("orders that are refused, in the gateway's words", async () => {
  const answer = async (order) => {
    const { success, errorCode, errorMessage } = await place(order);
    assert.equal(success, false);
    return [errorCode, errorMessage];
  };
  const misaligned = "Invalid stop price. Price is not aligned to tick size.";
  assert.deepEqual(await answer({ type: 4, side: 1, stopPrice: 29400.1 }), [2, misaligned]);
  assert.deepEqual(await answer({ type: 5, side: 1 }), [2, "Trail Distance not set."]);
  assert.deepEqual(await answer({ type: 5, side: 1, trailPrice: 10 }), [2, "Trail Distance exceeds maximum (1000)"]);
  assert.deepEqual(await answer({ contractId: "CON.F.US.YM.U26" }), [2, "Invalid symbol"]);
  assert.equal((await answer({ contractId: "CON.F.US.MNQ.H25" }))[0], 9);
  assert.equal((await answer({ contractId: "CON.F.US.NOPE.U26" }))[0], 8);
  assert.equal((await answer({ accountId: 99 }))[0], 1);
  const unknown = await gateway.call("/api/Order/cancel", { accountId: account, orderId: 1 }, token);
  assert.deepEqual([unknown.errorCode, unknown.errorMessage], [2, null]);
  const flat = await gateway.call("/api/Position/closeContract", { accountId: account, contractId: mnq }, token);
  assert.equal(flat.errorCode, 2);
});

test("ids are beyond 32 bits", async () => {
  const { orderId } = await place({ type: 1, limitPrice: 29000 });
  assert.ok(orderId > 2 ** 31);
  await gateway.done("/api/Order/cancel", { accountId: account, orderId }, token);
  for (const trade of await trades(account)) assert.ok(trade.id > 2 ** 31);
});
