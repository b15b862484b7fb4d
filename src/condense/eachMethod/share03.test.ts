import { testShare } from "../../../test/fixtures/eachMethod.ts";

testShare(import.meta.url);
