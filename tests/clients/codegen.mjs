// Types for a TypeScript client, as docs/models.md has graphql-codegen make them.
export default {
  schema: ["graphql/appsync.graphql", "graphql/schema.graphql"],
  documents: ["tests/clients/operations.graphql"],
  // Plugins are looked for from the current folder, the project's.
  pluginLoader: (name) => import(name),
  generates: {
    [`${process.env.GENERATED}/api.ts`]: {
      plugins: ["typescript-operations"],
      config: { scalars: { AWSDateTime: "string" } },
    },
  },
};
