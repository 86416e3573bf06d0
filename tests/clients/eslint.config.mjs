// AWS's own linter for resolvers, with the rules that AppSync refuses code by and those that need types.
import appsync from "@aws-appsync/eslint-plugin";

export default [
  {
    files: ["**/*.js"],
    languageOptions: { parserOptions: { project: `${import.meta.dirname}/tsconfig.json` } },
  },
  { files: ["**/*.js"], ...appsync.configs.base },
  { files: ["**/*.js"], ...appsync.configs.recommended },
];
