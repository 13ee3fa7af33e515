// The market hub: quotes, prints and depth as the official client sees them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Gateway, Hub, mes, mnq } from "./gateway.mjs";
import { check, depthRow, print, quote } from "./shapes.mjs";

let gateway, token;
before(async () => {
  gateway = await Gateway.start();
  token = await gateway.login();
});
after(() => gateway.stop());

const price = (update) => gateway.control("price", { symbol: "MNQ", ...update });
const quotes = (hub) => hub.of("GatewayQuote").map(([, q]) => q);

for (const how of ["negotiated", "header", "query"]) {
  test(`the first quote is full, later ones carry changes (${how})`, async () => {
    await price({ last: 29500, bid: 29499.75, ask: 29500 });
    const hub = await Hub.open(gateway.marketHub, token, how);
    await hub.invoke("SubscribeContractQuotes", mnq);
    await hub.wait(() => quotes(hub).length > 0, "the first quote");
    const full = quotes(hub)[0];
    check(full, quote);
    assert.deepEqual([full.lastPrice, full.bestBid, full.bestAsk], [29500, 29499.75, 29500]);
    assert.deepEqual([full.symbol, full.contract, hub.of("GatewayQuote")[0][0]], ["F.US.MNQ", mnq, mnq]);
    for (const member of ["open", "high", "low", "volume"]) assert.ok(member in full, member);

    hub.forget();
    await price({ bid: 29501, ask: 29501.5 });
    await hub.wait(() => quotes(hub).some((q) => q.bestAsk === 29501.5), "the new touch");
    for (const one of quotes(hub)) {
      check(one, quote);
      assert.ok(!("lastPrice" in one) && !("open" in one));
    }
    await hub.close();
  });
}

test("prints come in arrays", async () => {
  const hub = await Hub.open(gateway.marketHub, token);
  await hub.invoke("SubscribeContractTrades", mnq);
  await price({ last: 29502.25, bid: 29502, ask: 29502.25, volume: 3 });
  await hub.wait(() => hub.of("GatewayTrade").length > 0, "a print");
  const [contract, prints] = hub.of("GatewayTrade")[0];
  assert.equal(contract, mnq);
  assert.ok(Array.isArray(prints));
  for (const one of prints) check(one, print);
  assert.deepEqual([prints[0].price, prints[0].volume, prints[0].symbolId], [29502.25, 3, "F.US.MNQ"]);
  await hub.close();
});

test("depth begins with a whole ladder", async () => {
  await price({ last: 29500, bid: 29499.75, ask: 29500 });
  const hub = await Hub.open(gateway.marketHub, token);
  await hub.invoke("SubscribeContractMarketDepth", mnq);
  await hub.wait(() => hub.of("GatewayDepth").length > 0, "the ladder");
  const [contract, rows] = hub.of("GatewayDepth")[0];
  assert.equal(contract, mnq);
  for (const row of rows.filter((r) => r !== null)) check(row, depthRow);
  assert.equal(rows[0].type, 6);
  const side = (type) => rows.filter((r) => r?.type === type).map((r) => r.price);
  assert.ok(side(1).length >= 5 && side(2).length >= 5);
  assert.ok(Math.min(...side(1)) > Math.max(...side(2)));
  const best = rows.find((r) => r?.type === 4);
  assert.deepEqual([best.price, best.currentVolume], [29499.75, 0]);
  hub.forget();
  await price({ bid: 29498, ask: 29498.25 });
  await hub.wait(() => hub.of("GatewayDepth").length > 0, "a change of the ladder");
  await hub.close();
});

test("contracts are kept apart, and unsubscribing ends it", async () => {
  const hub = await Hub.open(gateway.marketHub, token);
  await hub.invoke("SubscribeContractQuotes", mnq);
  await hub.invoke("SubscribeContractQuotes", mes);
  await hub.wait(() => quotes(hub).length >= 2, "both");
  await hub.invoke("UnsubscribeContractQuotes", mnq);
  hub.forget();
  await price({ last: 29600, bid: 29599.75, ask: 29600 });
  await gateway.control("price", { symbol: "MES", last: 7740.25, bid: 7740, ask: 7740.25 });
  await hub.wait(() => quotes(hub).some((q) => q.lastPrice === 7740.25), "the other contract");
  assert.ok(quotes(hub).every((q) => q.contract === mes));
  await hub.close();
});

test("a contract that has no price yet gets its full quote with the first one", async () => {
  const hub = await Hub.open(gateway.marketHub, token);
  await hub.invoke("SubscribeContractQuotes", "CON.F.US.MGC.Z26");
  await gateway.control("price", { symbol: "MGC", last: 3500.5, bid: 3500.4, ask: 3500.6 });
  await hub.wait(() => quotes(hub).length > 0, "a quote");
  assert.equal(quotes(hub)[0].contract, "CON.F.US.MGC.Z26");
  await hub.close();
});

test("what is no method is told so", async () => {
  const hub = await Hub.open(gateway.marketHub, token);
  await assert.rejects(hub.invoke("SubscribeContractDepth", mnq), {
    message: "Failed to invoke 'SubscribeContractDepth' due to an error on the server. " +
      "HubException: Method does not exist.",
  });
  await assert.rejects(hub.invoke("SubscribeContractQuotes", 5), {
    message: "Failed to invoke 'SubscribeContractQuotes' due to an error on the server.",
  });
  await hub.close();
});
