// Amplify's data client, where rules do not let its user in: what it shows of each denial.
import { readFileSync } from "node:fs";
import { Amplify } from "aws-amplify";
import { generateClient } from "aws-amplify/api";

const outputs = JSON.parse(readFileSync(process.env.OUTPUTS, "utf8"));
const token = { toString: () => process.env.TOKEN, payload: {} };
Amplify.configure(outputs, { Auth: { tokenProvider: { getTokens: async () => ({ accessToken: token }) } } });
const { Story, Hall, Job, Ware } = generateClient({ authMode: "userPool" }).models;
const { story: id, section: sectionId, hall, ware } = JSON.parse(process.env.IDS);
const told = {};

// The data, and of each error its type, its words and where it is.
async function answered(answer) {
  const { data, errors } = await answer;
  return [data, ...(errors ?? []).map(({ errorType, message, path }) => [errorType, message, path.join(".")])];
}

told.createForAnother = await answered(Story.create({ sectionId, headline: "A ship", writer: "ada" }));
told.update = await answered(Story.update({ id, headline: "A boat" }));
told.delete = await answered(Story.delete({ id }));
told.get = await answered(Hall.get({ id: hall }));
told.list = await answered(Hall.list());
told.related = await answered(Job.jobsByHall({ hallId: hall }));
const [seen, ...errors] = await answered(Ware.get({ id: ware }));
told.field = [[seen?.code, seen?.cost], ...errors];
told.writeField = await answered(Ware.update({ id: ware, cost: 1 }));
console.log(JSON.stringify(told));
process.exit(0);
