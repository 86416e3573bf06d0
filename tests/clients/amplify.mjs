// Amplify's GraphQL client: listens in one Region, writes in the other, reads where it listened.
import { started } from "./socket.mjs";
import { Amplify } from "aws-amplify";
import { generateClient } from "aws-amplify/api";

const [here, there] = JSON.parse(process.env.REGIONS);

function configure({ url, region, apiKey }) {
  Amplify.configure({ API: { GraphQL: { endpoint: url, region, apiKey, defaultAuthMode: "apiKey" } } });
}

const client = generateClient();
configure(here);
const heard = new Promise((next, error) => {
  client.graphql({ query: "subscription { onCreateItemsModel { id item } }" }).subscribe({ next, error });
});
await started(1);
configure(there);
const written = await client.graphql({
  query: "mutation($input: CreateItemsModelInput!) { createItemsModel(input: $input) { id item } }",
  variables: { input: { id: process.env.ID, item: "of a client of others" } },
});
const announced = await heard;
configure(here);
const read = await client.graphql({
  query: "query($id: ID!) { getItemsModel(id: $id) { id item } }",
  variables: { id: process.env.ID },
});
console.log(JSON.stringify({ written: written.data, announced: announced.data, read: read.data }));
process.exit(0);
