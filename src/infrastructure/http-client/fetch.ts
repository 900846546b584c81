/** `fetch` as services are asked with it, so that a test can answer in their place. */
export type Fetch = (input: URL, init: RequestInit) => Promise<Response>;
