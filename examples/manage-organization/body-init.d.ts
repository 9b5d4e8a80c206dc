/** The body of a request: the client of hey-api uses this name of the DOM types, which Node's types do not declare. */
type BodyInit = NonNullable<RequestInit['body']>;
