// Connecting, being refused, being dropped, coming back.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import {
  account, bare, Gateway, handshake, Hub, mnq, separator, subscribeAll, until, WebSocket,
} from "./gateway.mjs";

let gateway, token;
before(async () => {
  gateway = await Gateway.start();
  token = await gateway.login();
});
after(() => gateway.stop());
beforeEach(() => gateway.control("settings", { rateLimit: false, streamsPerUser: 0 }));

// The HTTP status of an upgrade that is not accepted.
const refusedWith = (url, options = {}) =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url, options);
    socket.on("unexpected-response", (_, response) => (response.resume(), resolve(response.statusCode)));
    socket.on("open", () => (socket.terminate(), reject(new Error("the upgrade was accepted"))));
    socket.on("error", () => {});
  });

const withToken = (url) => `${url}?access_token=${token}`;

test("a wrong or missing token is refused with 401 before the upgrade", async () => {
  for (const url of [gateway.userHub, gateway.marketHub]) {
    assert.equal(await refusedWith(url), 401);
    assert.equal(await refusedWith(`${url}?access_token=rubbish`), 401);
    assert.equal(await refusedWith(url, { headers: { Authorization: "Bearer rubbish" } }), 401);
    const negotiate = await fetch(url.replace("ws", "http") + "/negotiate?negotiateVersion=1", { method: "POST" });
    assert.equal(negotiate.status, 401);
    for (const how of ["negotiated", "header", "query"]) await assert.rejects(Hub.open(url, "rubbish", how));
  }
});

test("negotiation gives a connection token that is good once", async () => {
  const answer = await fetch(gateway.userHub.replace("ws", "http") + "/negotiate?negotiateVersion=1", {
    method: "POST", headers: { Authorization: `Bearer ${token}` },
  });
  const offer = await answer.json();
  assert.equal(offer.negotiateVersion, 1);
  assert.ok(offer.connectionId && offer.connectionToken && offer.connectionId !== offer.connectionToken);
  assert.deepEqual(offer.availableTransports,
    [{ transport: "WebSockets", transferFormats: ["Text", "Binary"] }]);
  assert.ok(!("useStatefulReconnect" in offer));
  const url = `${withToken(gateway.userHub)}&id=${offer.connectionToken}`;
  const socket = await bare(url);
  assert.equal(await refusedWith(url), 409);
  socket.close();
  await socket.over;
  await until(async () => (await refusedWith(url).catch(() => 0)) === 404, "the id forgotten");
  assert.equal(await refusedWith(`${withToken(gateway.userHub)}&id=unknown`), 404);
});

test("the handshake comes first, and only JSON is spoken", async () => {
  for (const first of ['{"protocol":"messagepack","version":1}', "{}", '{"type":6}', "not json"]) {
    const socket = await bare(withToken(gateway.userHub));
    socket.record(first);
    await socket.over;
    assert.equal(typeof socket.records[0]?.error, "string", first);
  }
});

test("records may share a frame and may be spread over several", async () => {
  const socket = await bare(withToken(gateway.userHub));
  const call = (id) => `{"arguments":[${account}],"target":"SubscribeOrders","invocationId":"${id}","type":1}`;
  socket.send(handshake + separator + call(1) + separator + call(2).slice(0, 30));
  await until(() => socket.records.length >= 2, "the handshake and one completion");
  socket.send(call(2).slice(30));
  socket.send(separator + '{"type":6}' + separator + call(3) + separator);
  await until(() => socket.records.filter((r) => r.type === 3).length === 3, "three completions");
  assert.deepEqual(socket.records[0], {});
  assert.deepEqual(socket.records.filter((r) => r.type === 3),
    [1, 2, 3].map((id) => ({ type: 3, invocationId: String(id) })));
  socket.close();
});

test("a record beyond 32 KiB, or one that is no JSON, ends the connection with an error", async () => {
  for (const hostile of [`{"type":1,"target":"${"x".repeat(40000)}","arguments":[]}`, "{{{", "[1]", '{"type":"one"}']) {
    const socket = await bare(withToken(gateway.userHub));
    socket.record(handshake);
    await until(() => socket.records.length === 1, "the handshake");
    socket.record(hostile);
    await socket.over;
    assert.deepEqual([socket.records[1]?.type, typeof socket.records[1]?.error], [7, "string"], hostile.slice(0, 40));
  }
});

test("record types nobody knows are ignored", async () => {
  const socket = await bare(withToken(gateway.userHub));
  socket.record(handshake);
  for (const odd of ['{"type":99,"x":1}', '{"type":3,"invocationId":"7"}', '{"type":5,"invocationId":"7"}']) {
    socket.record(odd);
  }
  socket.record(`{"type":1,"invocationId":"1","target":"SubscribeAccounts","arguments":[],"headers":{"a":"b"}}`);
  await until(() => socket.records.some((r) => r.type === 3), "the completion");
  socket.close();
});

const reconnecting = (builder) => builder.withAutomaticReconnect([0, 50, 100, 200, 400, 800, 1600, 3200]);

test("a close that allows it is followed by a reconnect with a working connection", async () => {
  const hub = await Hub.open(gateway.userHub, token, "negotiated", reconnecting);
  let reconnected = 0;
  hub.connection.onreconnected(() => ++reconnected);
  await subscribeAll(hub, account);
  await gateway.control("hub/close", {
    hub: "user", error: "Connection closed with an error.", allow_reconnect: true,
  });
  await until(() => reconnected === 1, "the reconnect");
  assert.equal((await gateway.view("subscriptions")).connections.filter((c) => c.subscriptions.length > 0).length, 0);
  await subscribeAll(hub, account);
  hub.forget();
  await gateway.control("trade", { accountId: account, symbol: "MNQ", side: "buy", size: 1 });
  await hub.wait(() => hub.data("GatewayUserPosition").length > 0, "the position");
  await gateway.control("close", { accountId: account, symbol: "MNQ" });
  await hub.close();
});

test("a close that does not allow it is final", async () => {
  const hub = await Hub.open(gateway.marketHub, token, "header", reconnecting);
  let reconnecting_ = 0;
  let closed;
  hub.connection.onreconnecting(() => ++reconnecting_);
  hub.connection.onclose((error) => (closed = error ?? null));
  await hub.invoke("SubscribeContractQuotes", mnq);
  await gateway.control("hub/close", { hub: "market", error: "going down", allow_reconnect: false });
  await until(() => closed !== undefined, "the end");
  assert.match(closed.message, /going down/);
  assert.equal(reconnecting_, 0);
});

test("while the hub refuses, the client keeps trying and comes back", async () => {
  const hub = await Hub.open(gateway.userHub, token, "negotiated", reconnecting);
  let reconnected = 0;
  hub.connection.onreconnected(() => ++reconnected);
  await gateway.control("hub/refuse", { hub: "user", seconds: 1 });
  await gateway.control("hub/close", { hub: "user", allow_reconnect: true });
  await until(() => reconnected === 1, "the reconnect");
  const refused = (await gateway.view("requests")).requests.filter((r) => r.status === 503);
  assert.ok(refused.length >= 1);
  await hub.close();
});

test("a second session of the same user logs the first one out", async () => {
  await gateway.control("settings", { streamsPerUser: 1 });
  const first = await Hub.open(gateway.userHub, token);
  let ended = false;
  first.connection.onclose(() => (ended = true));
  const second = await Hub.open(gateway.userHub, await gateway.login());
  await first.wait(() => first.of("GatewayLogout").length === 1, "GatewayLogout");
  assert.equal(typeof first.of("GatewayLogout")[0][0], "string");
  await until(() => ended, "the first connection closed");
  await second.invoke("SubscribeOrders", account);
  await second.close();
});

test("hostile text reaches subscribers as it is, and the official client survives it", async () => {
  const hub = await Hub.open(gateway.userHub, token);
  await hub.invoke("SubscribeOrders", account);
  await gateway.control("raw", { hub: "user", text: `{"type":1,"target":"Nobody","arguments":[1,null]}${separator}` });
  await gateway.control("raw", { hub: "user", text: `{"type":42}${separator}` });
  await hub.invoke("SubscribePositions", account);
  await hub.close();
});
