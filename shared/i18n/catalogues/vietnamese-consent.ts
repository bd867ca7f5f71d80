import type { ConsentTexts } from '../catalogue.ts';

export const vietnameseConsent: ConsentTexts = {
  done: {
    title: 'Cảm ơn bạn, đã xong',
    text: 'Đã nhận sự đồng ý cho tài khoản {account}. Bạn có thể đóng trang này.',
  },
  'link-unknown': {
    title: 'Liên kết này không dẫn đến đâu',
    text: 'Hãy kiểm tra xem địa chỉ có đầy đủ như khi bạn nhận được không, hoặc xin quản trị viên một liên kết mới.',
  },
  'link-expired': {
    title: 'Liên kết này đã hết hạn',
    text: 'Hãy xin quản trị viên một liên kết mới.',
  },
  'link-used': {
    title: 'Liên kết này đã được sử dụng',
    text: 'Nếu chính bạn đã dùng, bạn không cần làm gì thêm. Nếu không, hãy báo cho quản trị viên.',
  },
  'link-exhausted': {
    title: 'Liên kết này đã được mở quá nhiều lần',
    text: 'Hãy xin quản trị viên một liên kết mới.',
  },
  closed: {
    title: 'Không cần sự đồng ý nữa',
    text: 'Việc chuyển hộp thư này đã kết thúc hoặc đã thay đổi, không có gì được lưu. Nếu bạn nghĩ có nhầm lẫn, hãy hỏi quản trị viên.',
  },
  'attempt-unknown': {
    title: 'Việc này kéo dài quá lâu hoặc đã được làm trước đó',
    text: 'Hãy mở lại liên kết bạn đã nhận và đồng ý trong vòng nửa giờ.',
  },
  'other-browser': {
    title: 'Bạn quay lại bằng một trình duyệt khác',
    text: 'Hãy mở lại liên kết bạn đã nhận, dùng cùng một trình duyệt đến cuối và cho phép cookie.',
  },
  'wrong-account': {
    title: 'Đó là một tài khoản khác',
    text: 'Cần sự đồng ý cho {account}; không có gì được lưu cho tài khoản bạn đã chọn. Hãy mở lại liên kết và đăng nhập bằng {account}; nếu bạn đã làm vậy, hãy kiểm tra xem IMAP đã được bật chưa.',
  },
  denied: {
    title: 'Bạn đã không đồng ý',
    text: 'Không có gì được lưu. Nếu bạn đổi ý, hãy mở lại liên kết và chấp nhận yêu cầu.',
  },
  'admin-approval': {
    title: 'Tổ chức của bạn phải phê duyệt trước',
    text: 'Hãy báo quản trị viên rằng ứng dụng phải được phê duyệt cho tổ chức tại nhà cung cấp thư. Sau đó mở lại liên kết.',
  },
  'scope-missing': {
    title: 'Thiếu một quyền',
    text: 'Hãy mở lại liên kết và đánh dấu quyền đọc và ghi thư.',
  },
  'not-lasting': {
    title: 'Sự đồng ý sẽ không lâu dài',
    text: 'Nhà cung cấp không cấp quyền lâu dài. Hãy báo quản trị viên rằng ứng dụng phải được phép truy cập khi bạn vắng mặt.',
  },
  'client-refused': {
    title: 'Nhà cung cấp không chấp nhận ứng dụng',
    text: 'Hãy báo quản trị viên: ứng dụng, mã bí mật hoặc địa chỉ chuyển hướng chưa được đăng ký đúng.',
  },
  'service-failed': {
    title: 'Nhà cung cấp tạm thời chưa thực hiện được',
    text: 'Hãy mở lại liên kết sau ít phút.',
  },
  'answer-unreadable': {
    title: 'Câu trả lời của nhà cung cấp không dùng được',
    text: 'Hãy mở lại liên kết. Nếu vẫn vậy, hãy báo quản trị viên.',
  },
  'mailbox-unreachable': {
    title: 'Máy chủ thư tạm thời không truy cập được',
    text: 'Không có gì được lưu vì không thể kiểm tra tài khoản có đúng không. Hãy mở lại liên kết sau ít phút.',
  },
  unavailable: {
    title: 'Dịch vụ tạm thời không khả dụng',
    text: 'Hãy mở lại liên kết sau ít phút.',
  },
  internal: {
    title: 'Đã có lỗi ở phía chúng tôi',
    text: 'Đây không phải lỗi của bạn. Hãy mở lại liên kết; nếu vẫn vậy, hãy báo quản trị viên.',
  },
};
