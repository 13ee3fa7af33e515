// The user hub: what a trade, a rejection and an account change look like to the official client.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { account, bare, Gateway, handshake, Hub, mnq, strangersAccount, subscribeAll, until } from "./gateway.mjs";
import { check, userAccount, userOrder, userPosition, userTrade } from "./shapes.mjs";

let gateway, token;
before(async () => {
  gateway = await Gateway.start();
  token = await gateway.login();
});
after(() => gateway.stop());
beforeEach(async () => {
  await gateway.control("settings", { rateLimit: false });
  await gateway.control("price", { symbol: "MNQ", last: 29500, bid: 29499.75, ask: 29500 });
});

const place = (order) =>
  gateway.call("/api/Order/place", { accountId: account, contractId: mnq, type: 2, side: 0, size: 1, ...order }, token);
const close = () => gateway.done("/api/Position/closeContract", { accountId: account, contractId: mnq }, token);
const flat = (hub) => hub.data("GatewayUserPosition").some((p) => p.size === 0);
const cents = (amount) => Math.round(amount * 100);

for (const how of ["negotiated", "header", "query"]) {
  test(`a round trip is told event by event (${how})`, async () => {
    const hub = await Hub.open(gateway.userHub, token, how);
    await subscribeAll(hub, account);
    await hub.wait(() => hub.data("GatewayUserAccount").length > 0, "the account");
    const before = hub.data("GatewayUserAccount").find((a) => a.id === account).balance;
    hub.forget();

    const placed = await place({ size: 2, customTag: `round trip ${how}` });
    assert.equal(placed.success, true);
    const copies = () => hub.data("GatewayUserAccount").filter((a) => a.id === account).length;
    await hub.wait(() => copies() >= 2 && hub.data("GatewayUserPosition").length > 0, "the fill and its balance twice");
    const orders = hub.data("GatewayUserOrder");
    assert.deepEqual(orders.map((o) => o.status), [6, 2]);
    for (const order of orders) check(order, userOrder);
    assert.equal(orders[1].id, placed.orderId);
    assert.equal(orders[0].fillVolume, 0);
    assert.ok(!("filledPrice" in orders[0]));
    assert.equal(orders[1].fillVolume, 2);
    assert.equal(orders[1].filledPrice, 29500);
    assert.equal(orders[1].customTag, `round trip ${how}`);

    const [opening] = hub.of("GatewayUserTrade")[0];
    assert.equal(opening.action, 0);
    check(opening.data, userTrade);
    assert.ok(!("profitAndLoss" in opening.data));
    assert.deepEqual([opening.data.side, opening.data.size, opening.data.orderId], [0, 2, placed.orderId]);
    assert.equal(cents(opening.data.fees), 72);
    assert.equal(cents(opening.data.commissions), 50);

    const [position] = hub.of("GatewayUserPosition")[0];
    assert.equal(position.action, 1);
    check(position.data, userPosition);
    assert.deepEqual([position.data.type, position.data.size, position.data.averagePrice], [1, 2, 29500]);
    assert.equal(position.data.contractDisplayName, "MNQU26");

    for (const one of hub.data("GatewayUserAccount")) check(one, userAccount);
    assert.equal(cents(hub.data("GatewayUserAccount").at(-1).balance), cents(before - 1.22));
    const order = hub.log.map((event) => event.target);
    assert.ok(order.indexOf("GatewayUserTrade") < order.indexOf("GatewayUserPosition"));
    assert.ok(order.indexOf("GatewayUserPosition") < order.indexOf("GatewayUserAccount"));

    hub.forget();
    await gateway.control("price", { symbol: "MNQ", last: 29490, bid: 29489.75, ask: 29490 });
    await close();
    await hub.wait(() => flat(hub) && copies() >= 2, "the close and its balance twice");
    const trades = hub.data("GatewayUserTrade");
    const closing = trades.find((t) => t.id !== opening.data.id);
    check(closing, userTrade);
    assert.deepEqual([closing.price, closing.profitAndLoss, closing.side, closing.size], [29489.75, -41, 1, 2]);
    assert.deepEqual(trades.filter((t) => t.id === opening.data.id), [opening.data]); // told again, unchanged
    const [last] = hub.of("GatewayUserPosition").at(-1);
    assert.equal(last.action, 2);
    assert.deepEqual([last.data.id, last.data.type, last.data.size, last.data.averagePrice],
      [position.data.id, 0, 0, 29500]);
    assert.equal(cents(hub.data("GatewayUserAccount").at(-1).balance), cents(before - 1.22 - 42.22));
    assert.ok(hub.data("GatewayUserOrder").every((o) => !("customTag" in o)));
    await hub.close();
  });
}

test("a refused order is told as pending, then rejected, without a reason", async () => {
  const hub = await Hub.open(gateway.userHub, token);
  await subscribeAll(hub, account);
  const answer = await place({ stopLossBracket: { ticks: -40, type: 4 } });
  assert.equal(answer.success, false);
  assert.equal(answer.errorCode, 2);
  assert.equal(answer.errorMessage,
    "Brackets cannot be used with Position Brackets. You must enable Auto OCO Brackets.");
  await hub.wait(() => hub.data("GatewayUserOrder").length >= 2, "two order events");
  const orders = hub.data("GatewayUserOrder");
  assert.deepEqual(orders.map((o) => [o.id, o.status]), [[answer.orderId, 6], [answer.orderId, 5]]);
  for (const order of orders) check(order, userOrder);
  await hub.close();
});

test("an account that may not trade any more is told at once", async () => {
  const hub = await Hub.open(gateway.userHub, token);
  await subscribeAll(hub, account);
  hub.forget();
  await gateway.control("account", { accountId: account, canTrade: false });
  await hub.wait(() => hub.data("GatewayUserAccount").some((a) => a.id === account && !a.canTrade), "canTrade: false");
  const refused = await place({});
  assert.equal(refused.success, false);
  await gateway.control("account", { accountId: account, canTrade: true });
  await hub.close();
});

test("orders of the platform arrive without a tag", async () => {
  const hub = await Hub.open(gateway.userHub, token);
  await subscribeAll(hub, account);
  await gateway.control("trade", { accountId: account, symbol: "MNQ", side: "sell", size: 3 });
  await hub.wait(() => hub.data("GatewayUserPosition").length > 0, "the position");
  assert.ok(!("customTag" in hub.data("GatewayUserOrder").at(-1)));
  assert.deepEqual([hub.data("GatewayUserPosition")[0].type, hub.data("GatewayUserPosition")[0].size], [2, 3]);
  await close();
  await hub.wait(flat, "flat");
  await hub.close();
});

test("only what was subscribed to is told, until it is unsubscribed", async () => {
  const hub = await Hub.open(gateway.userHub, token);
  await hub.invoke("SubscribePositions", account);
  await place({});
  await hub.wait(() => hub.data("GatewayUserPosition").length === 1, "the position");
  await hub.invoke("UnsubscribePositions", account);
  await hub.invoke("SubscribeTrades", account);
  await close();
  await hub.wait(() => hub.data("GatewayUserTrade").length === 2, "the closing trade and the opening one again");
  assert.equal(hub.of("GatewayUserPosition").length, 1);
  assert.equal(hub.of("GatewayUserOrder").length, 0);
  assert.equal(hub.of("GatewayUserAccount").length, 0);
  await hub.close();
});

test("method names are not case-sensitive, arguments are checked, errors have the framework's words", async () => {
  const hub = await Hub.open(gateway.userHub, token);
  assert.equal(await hub.invoke("subscribeorders", account), undefined);
  const failed = (method) => `Failed to invoke '${method}' due to an error on the server.`;
  const fails = (expected, method, ...args) =>
    assert.rejects(hub.invoke(method, ...args), (error) => (assert.equal(error.message, expected), true));
  await fails(failed("SubscribeOrder") + " HubException: Method does not exist.", "SubscribeOrder", account);
  await fails(failed("SubscribeOrders"), "SubscribeOrders");
  await fails(failed("SubscribeOrders"), "SubscribeOrders", String(account));
  await fails(failed("SubscribeOrders"), "SubscribeOrders", account, 1);
  await fails(failed("SubscribeAccounts"), "SubscribeAccounts", account);
  await fails(failed("SubscribeTrades"), "SubscribeTrades", strangersAccount);
  await hub.close();
});

test("a call that wants no answer is carried out", async () => {
  const hub = await Hub.open(gateway.userHub, token);
  await hub.connection.send("SubscribePositions", account);
  await hub.invoke("SubscribeOrders", account); // calls are processed in order
  await place({});
  await hub.wait(() => hub.data("GatewayUserPosition").length > 0, "the position");
  await close();
  await hub.close();
});

test("on the wire the names of the events are exact, and what is not there is left out", async () => {
  const socket = await bare(`${gateway.userHub}?access_token=${token}`);
  socket.record(handshake);
  socket.record('{"type":1,"target":"SubscribeAccounts","arguments":[]}');
  for (const topic of ["Orders", "Positions", "Trades"]) {
    socket.record(`{"type":1,"target":"Subscribe${topic}","arguments":[${account}]}`);
  }
  await until(async () => (await gateway.view("subscriptions")).connections.some((c) => c.subscriptions.length === 4),
    "the subscriptions");
  await place({});
  await until(() => socket.records.some((r) => r.target === "GatewayUserPosition"), "the position");
  await until(() => socket.records.some((r) => r.target === "GatewayUserAccount"), "the account");
  assert.deepEqual([...new Set(socket.records.filter((r) => r.type === 1).map((r) => r.target))].sort(),
    ["GatewayUserAccount", "GatewayUserOrder", "GatewayUserPosition", "GatewayUserTrade"]);
  assert.ok(!socket.text.includes(":null"));
  assert.ok(socket.records.every((r) => !("invocationId" in r))); // nothing was asked, nothing is answered
  await close();
  socket.close();
});
