export { AccessAnswersModule } from './access-answers.module.js';
export { echoRequestId } from './authzen/request-id.js';
