/** An item as the SDK's document client takes and gives it. */
export type Attributes = Record<string, unknown>;

/** An expression with what its `#names` and `:values` stand for. */
export interface Expression {
  readonly text: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Attributes;
}

/** A condition as the fields of a request; names and values are left out where there are none. */
export function conditionInput(condition: Expression | undefined) {
  const names = condition?.names ?? {};
  const values = condition?.values ?? {};
  return {
    ...(condition === undefined || condition.text === '' ? {} : { ConditionExpression: condition.text }),
    ...(Object.keys(names).length === 0 ? {} : { ExpressionAttributeNames: { ...names } }),
    ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: { ...values } }),
  };
}
