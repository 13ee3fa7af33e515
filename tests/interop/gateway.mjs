// A paper-gateway process for one test file, and how to talk to it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import readline from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const modules = process.env.PAPER_INTEROP_MODULES ?? here;
const program = process.env.PAPER_GATEWAY;
assert.ok(program, "PAPER_GATEWAY must name the paper-gateway binary");

const load = createRequire(path.join(modules, "package.json"));
export const signalR = load("@microsoft/signalr");
export const WebSocket = load("ws");

export const account = 26001234;
export const bracketAccount = 26001235;
export const strangersAccount = 99;
export const mnq = "CON.F.US.MNQ.U26";
export const mes = "CON.F.US.MES.U26";
export const scenario = path.join(here, "interop.yaml");

// Waits until `condition` gives something true, and gives it back. Slow machines only make it slower.
export async function until(condition, what, seconds = 30) {
  for (const end = Date.now() + seconds * 1000; ; await sleep(5)) {
    const found = await condition();
    if (found) return found;
    assert.ok(Date.now() < end, `gave up waiting for ${typeof what === "function" ? what() : what}`);
  }
}

export class Gateway {
  // Stopped when `test` ends; without one, by stop(). A program that does not end with 0 fails the test.
  static async start(test, ...options) {
    const story = options.includes("--scenario") ? [] : ["--scenario", scenario];
    const child = spawn(program, ["--port", "0", "--quiet", ...story, ...options], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    process.once("exit", () => child.kill("SIGKILL"));
    const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const { value, done } = await lines.next();
    assert.ok(!done, "paper-gateway ended before it was ready");
    const ready = /^paper-gateway ready: (http:\S+) user_hub (ws:\S+) market_hub (ws:\S+)$/.exec(value);
    assert.ok(ready, `unexpected first line: ${value}`);
    const gateway = new Gateway(child, ready[1], ready[2], ready[3]);
    test?.after(() => gateway.stop());
    return gateway;
  }

  constructor(child, url, userHub, marketHub) {
    Object.assign(this, { child, url, userHub, marketHub });
    this.exited = new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
  }

  async stop() {
    this.child.kill("SIGTERM");
    assert.deepEqual(await this.exited, { code: 0, signal: null });
  }

  async post(where, body, token, headers = {}) {
    return fetch(this.url + where, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }), ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body ?? {}),
    });
  }

  // The JSON of a call that must be answered with 200.
  async call(where, body, token) {
    const answer = await this.post(where, body, token);
    assert.equal(answer.status, 200, `${where}: HTTP ${answer.status}`);
    return answer.json();
  }

  // The same, and it must be a success.
  async done(where, body, token) {
    const answer = await this.call(where, body, token);
    assert.equal(answer.success, true, `${where}: ${JSON.stringify(answer)}`);
    assert.equal(answer.errorCode, 0);
    assert.equal(answer.errorMessage, null);
    return answer;
  }

  async control(where, body) {
    const answer = await this.post("/paper/" + where, body);
    const json = await answer.json();
    assert.equal(answer.status, 200, JSON.stringify(json));
    return json;
  }

  async view(where) {
    const answer = await fetch(`${this.url}/paper/${where}`);
    assert.equal(answer.status, 200);
    return answer.json();
  }

  async login(userName = "paper", apiKey = "paper-key") {
    return (await this.done("/api/Auth/loginKey", { userName, apiKey })).token;
  }
}

// A hub connection of the official client that notes every event it is told of.
export class Hub {
  static events = [
    "GatewayUserAccount", "GatewayUserOrder", "GatewayUserPosition", "GatewayUserTrade", "GatewayQuote",
    "GatewayTrade", "GatewayDepth", "GatewayLogout",
  ];

  // how: "negotiated" as the library does by itself, "header" or "query": straight to the socket.
  static async open(url, token, how = "negotiated", tune = (builder) => builder) {
    const http = url.replace(/^ws/, "http");
    const direct = { skipNegotiation: true, transport: signalR.HttpTransportType.WebSockets };
    const asked = {
      negotiated: [http, { accessTokenFactory: () => token }],
      header: [http, { ...direct, accessTokenFactory: () => token }],
      query: [`${http}?access_token=${encodeURIComponent(token)}`, direct],
    }[how];
    const builder = new signalR.HubConnectionBuilder().withUrl(...asked).configureLogging(signalR.LogLevel.None);
    const hub = new Hub(tune(builder).build());
    await hub.connection.start();
    return hub;
  }

  constructor(connection) {
    this.connection = connection;
    this.log = [];
    for (const target of Hub.events) {
      connection.on(target, (...args) => this.log.push({ target, args }));
    }
  }

  invoke(...args) {
    return this.connection.invoke(...args);
  }
  close() {
    return this.connection.stop();
  }
  forget() {
    this.log.length = 0;
  }
  of(target) {
    return this.log.filter((event) => event.target === target).map((event) => event.args);
  }
  // The entities of one kind of user event, without their envelopes.
  data(target) {
    return this.of(target).map(([envelope]) => envelope.data);
  }
  async wait(condition, what) {
    return until(() => condition(this), () => `${what}; seen: ${JSON.stringify(this.log, null, 1)}`);
  }
}

// Every event of the user hub for these accounts.
export async function subscribeAll(hub, ...accounts) {
  await hub.invoke("SubscribeAccounts");
  for (const id of accounts) {
    for (const topic of ["Orders", "Positions", "Trades"]) await hub.invoke("Subscribe" + topic, id);
  }
}

export const separator = "\u001e";
export const handshake = '{"protocol":"json","version":1}';

// A bare socket that notes the records it gets.
export async function bare(url) {
  const socket = new WebSocket(url);
  socket.records = [];
  socket.text = "";
  let rest = "";
  socket.on("message", (data) => {
    socket.text += data;
    const parts = (rest + data).split(separator);
    rest = parts.pop();
    socket.records.push(...parts.map((part) => JSON.parse(part)));
  });
  socket.over = new Promise((resolve) => socket.on("close", resolve));
  await new Promise((resolve, reject) => (socket.on("open", resolve), socket.on("error", reject)));
  socket.record = (text) => socket.send(text + separator);
  return socket;
}
