// Our own client with the signer of docs/clients.md: what it lists, and then what it hears of a write of its own.
import { Antipode } from "../../clients/javascript/antipode.js";
import { documented } from "./documented.mjs";

globalThis.awsCredentials = JSON.parse(process.env.CREDENTIALS);
const { credentials } = await documented("signed.mjs", "credentials");
const api = new Antipode({ regions: [JSON.parse(process.env.REGION)], credentials });
const live = api.live({ list: "listTodos", changes: ["onCreateTodo"], select: "id name" });
const names = await new Promise((resolve) => {
  let listed;
  live.subscribe(({ items, state, error }) => {
    if (state !== "live") return error && resolve(error.message);
    if (listed) return items.length > listed.length && resolve([listed, items.map(({ name }) => name)]);
    listed = items.map(({ name }) => name);
    api.request('mutation { publish(id: "2", name: "milk") { id name _change { kind sequence region } } }').catch(({ message }) => resolve(message));
  });
});
console.log(JSON.stringify(names));
api.close();
