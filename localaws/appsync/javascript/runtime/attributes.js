// util.dynamodb: plain values as DynamoDB attribute values.
// https://docs.aws.amazon.com/appsync/latest/devguide/dynamodb-helpers-in-util-dynamodb-js.html
//
// N stays a number and NULL is null, as the service renders them; its data source, not this
// library, makes them what DynamoDB's own API takes.

{
  const mapEntries = (object, change) =>
    Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));

  const nullable = (change) => (value) => ((value ?? null) === null ? null : change(value));

  const toNull = () => ({ NULL: null });
  const toList = nullable((values) => ({ L: values.map(toDynamoDB) }));
  const toMapValues = nullable((object) => mapEntries(object, toDynamoDB));
  const toMap = nullable((object) => ({ M: toMapValues(object) }));

  function toDynamoDB(value) {
    switch (typeof value) {
      case "string":
        return { S: value };
      case "number":
        return { N: value };
      case "boolean":
        return { BOOL: value };
      case "object":
        if (value !== null) {
          return Array.isArray(value) ? toList(value) : toMap(value);
        }
    }
    return toNull();
  }

  const toS3Object = (key, bucket, region, version) => ({
    S: JSON.stringify({ s3: { key, bucket, region, version } }),
  });

  host.attributes = {
    toDynamoDB,
    toNull,
    toList,
    toMap,
    toMapValues,
    toString: nullable((value) => ({ S: value })),
    toNumber: nullable((value) => ({ N: value })),
    toBinary: nullable((value) => ({ B: value })),
    toBoolean: nullable((value) => ({ BOOL: value })),
    toStringSet: nullable((values) => ({ SS: values })),
    toNumberSet: nullable((values) => ({ NS: values })),
    toBinarySet: nullable((values) => ({ BS: values })),
    toS3Object,
    fromS3ObjectJson: (text) => host.parseJson(text).s3,
  };
  host.util.dynamodb = host.attributes;
}
