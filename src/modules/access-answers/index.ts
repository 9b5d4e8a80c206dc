export { AccessAnswersModule } from './access-answers.module.js';
export { AUTHZEN_PATH, echoRequestId } from './authzen/authzen.controller.js';
