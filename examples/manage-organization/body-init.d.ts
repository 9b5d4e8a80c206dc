/** What a request may carry: a browser's types have this name, Node's have only the thing; the client of hey-api uses it. */
type BodyInit = NonNullable<RequestInit['body']>;
