// Apollo Client with AppSync's links: listens in one Region, writes in the other, reads where it listened.
import { started } from "./socket.mjs";
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { createAuthLink } from "aws-appsync-auth-link";
import { createSubscriptionHandshakeLink } from "aws-appsync-subscription-link";

const [here, there] = JSON.parse(process.env.REGIONS);

function client({ url, region, apiKey }) {
  const options = { url, region, auth: { type: "API_KEY", apiKey } };
  const link = ApolloLink.from([
    createAuthLink(options),
    createSubscriptionHandshakeLink(options, new HttpLink({ uri: url })),
  ]);
  return new ApolloClient({ link, cache: new InMemoryCache() });
}

const listening = client(here);
const heard = new Promise((resolve, reject) => {
  const query = gql`subscription { onCreateItemsModel { id item } }`;
  listening.subscribe({ query }).subscribe({ next: resolve, error: reject });
});
await started(1);
const mutation = gql`mutation($input: CreateItemsModelInput!) { createItemsModel(input: $input) { id item } }`;
const written = await client(there).mutate({
  mutation,
  variables: { input: { id: process.env.ID, item: "of a client of others" } },
});
const announced = await heard;
const read = await listening.query({
  query: gql`query($id: ID!) { getItemsModel(id: $id) { id item } }`,
  variables: { id: process.env.ID },
});
console.log(JSON.stringify({ written: written.data, announced: announced.data, read: read.data }));
process.exit(0);
