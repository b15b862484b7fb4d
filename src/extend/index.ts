export { type Parts, register } from "./register.ts";
export * from "./toolkit.ts";
